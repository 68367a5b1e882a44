/**
 * Every error a person can meet on the page: what happened and what to do about it. The sea's codes come from
 * `src/base/errors.ts`; the page adds its own few. The type makes the table complete: a new code without a sentence
 * does not compile.
 */

import { type ErrorCode, isSeaError, type SeaError } from '../src/base/errors.ts';

/** What the page itself can refuse. */
export type PageErrorCode =
  | 'PICTURE_UNREADABLE'
  | 'PICTURE_TOO_LARGE'
  | 'BAD_NUMBER'
  | 'BAD_BOOTSTRAP'
  | 'BAD_OUTPUT'
  | 'TASK_NOT_LOADED'
  | 'NO_DEVICES'
  | 'NO_FILE_LINK'
  | 'BAD_ADDRESS'
  | 'BAD_CHANNEL'
  | 'CHAT_FULL'
  | 'FILE_UNREADABLE'
  | 'FILE_TOO_LARGE'
  | 'BAD_AMOUNT'
  | 'BAD_PASSPHRASE'
  | 'BAD_KEY_FILE'
  | 'UNEXPECTED';

export interface Explanation {
  /** What happened. */
  readonly what: string;
  /** What the reader can do. */
  readonly todo: string;
}

/** An error as the page shows it. `detail` is the technical text, for those who ask. */
export interface Complaint extends Explanation {
  readonly code: ErrorCode | PageErrorCode;
  readonly detail: string;
}

/** Something the page refuses. `detail` may replace the table's sentence with one that names the numbers. */
export class PageError extends Error {
  override readonly name = 'PageError';
  readonly code: PageErrorCode;

  constructor(code: PageErrorCode, detail: string) {
    super(detail);
    this.code = code;
  }
}

/**
 * Any thrown value as something to show. A PageError's own text is its sentence. Who was refused everywhere because of
 * the clock is told that, not that nobody answered.
 */
export function complaintOf(error: unknown): Complaint {
  if (isSeaError(error)) {
    const { code, cause, message: detail } = error;
    if (code === 'NO_BOOTSTRAP' && isSeaError(cause, 'CLOCK_SKEW')) return shutOutByClock(cause, detail);
    return { code, ...explanations[code], detail };
  }
  if (error instanceof PageError) {
    return { code: error.code, what: error.message, todo: explanations[error.code].todo, detail: error.message };
  }
  const detail = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return { code: 'UNEXPECTED', ...explanations.UNEXPECTED, detail };
}

/** In the error's own words, which say by how much. */
function shutOutByClock({ code, message }: SeaError, detail: string): Complaint {
  const words = message.slice(`${code}: `.length).replaceAll("'", '’');
  return { code, what: `No first peer lets this page in: ${words}.`, todo: explanations.CLOCK_SKEW.todo, detail };
}

const tryAgain = 'Try again; if it happens again, reload the page.';
const reload = 'Reload the page to get the same version as the others.';
const taskFault = 'This is a fault of the task, not of your picture or numbers. Try other settings.';

export const explanations: Readonly<Record<ErrorCode | PageErrorCode, Explanation>> = {
  BAD_MESSAGE: { what: 'A peer sent something that makes no sense, so it was dropped.', todo: tryAgain },
  TOO_LARGE: {
    what: 'A message was larger than the sea carries.',
    todo: 'Choose a smaller picture or more, smaller parts.',
  },
  WRONG_NETWORK: {
    what: 'That peer belongs to another sea.',
    todo: 'Check the bootstrap address in the page’s own address.',
  },
  BAD_VERSION: { what: 'A peer speaks another version of the protocol.', todo: reload },
  BAD_SIGNATURE: {
    what: 'A peer could not prove who it is, so it was refused.',
    todo: 'Nothing to do: others serve you instead.',
  },
  REPLAYED: {
    what: 'Somebody repeated an old message; it was refused.',
    todo: 'Nothing to do: others serve you instead.',
  },
  CLOCK_SKEW: {
    what: 'This device’s clock and a peer’s are more than an hour apart, so neither lets the other in.',
    todo: 'Set this device’s date, time and time zone right, then reload the page.',
  },
  SELF_LINK: { what: 'The page reached itself.', todo: 'Check the bootstrap address in the page’s own address.' },
  DUPLICATE_LINK: {
    what: 'There is a connection to that peer already.',
    todo: 'Nothing to do: the first one is kept.',
  },
  LINK_BUDGET: {
    what: 'This browser has no room for further connections at the moment.',
    todo: 'Wait a minute, or close other tabs that hold connections.',
  },
  LINK_CLOSED: {
    what: 'The connection to a peer closed.',
    todo: 'Its work went to others. Try again if the job stopped.',
  },
  DIAL_FAILED: {
    what: 'No connection came about.',
    todo: 'Check the network. Some firewalls block WebRTC: try another network or a phone’s hotspot.',
  },
  OVERLOADED: { what: 'A peer has more work than it can take.', todo: 'Wait a little and try again.' },
  DECLINED: { what: 'A peer declined.', todo: 'Wait a little and try again; others may accept.' },
  NO_ROUTE: {
    what: 'No way through the sea to that peer was found.',
    todo: 'Wait until more peers are linked, then try again.',
  },
  PEER_GONE: { what: 'The peer left.', todo: 'Its work goes to others. Try again if the job stopped.' },
  TIMEOUT: { what: 'No answer came in time.', todo: 'Check the network and try again.' },
  ABORTED: { what: 'It was cancelled.', todo: 'Start it again whenever you like.' },
  NO_HANDLER: { what: 'The peer does not offer what was asked.', todo: reload },
  HANDLER_FAILED: { what: 'The peer failed while it answered.', todo: tryAgain },
  BAD_ARGUMENT: { what: 'A value is not allowed here.', todo: 'Check the settings and try again.' },
  NOT_ONLINE: { what: 'This page is not in the sea.', todo: 'Join first, then start the job.' },
  NO_BOOTSTRAP: {
    what: 'No first peer could be reached, so there is no way into the sea.',
    todo: 'Check that the bootstrap node runs and the network works, then join again.',
  },
  CLOSED: { what: 'The connection to the sea was closed.', todo: 'Reload the page.' },
  NOT_WASM: { what: 'The task is not a WebAssembly program.', todo: reload },
  NO_ABI: { what: 'The task lacks the functions a task must have.', todo: taskFault },
  MEMORY_LIMIT: {
    what: 'The task wants more memory than a peer gives.',
    todo: 'Choose smaller parts or a smaller picture.',
  },
  TASK_TIMEOUT: { what: 'A part took longer than allowed.', todo: 'Choose less work per part, then start again.' },
  TASK_TRAPPED: { what: 'The task stopped with an error of its own.', todo: taskFault },
  BUNDLE_UNAVAILABLE: {
    what: 'A peer could not fetch the task from this page.',
    todo: 'Keep this tab open and start again.',
  },
  BUNDLE_MISMATCH: { what: 'The task that arrived is not the one that was asked for; it was refused.', todo: tryAgain },
  NO_PROVIDER: {
    what: 'For half a minute nobody, or too few, were there to compute.',
    todo: 'Lend cores of this device, or open this page in another tab or on another device.',
  },
  INPUT_TOO_LARGE: { what: 'A part is larger than the task accepts.', todo: 'Choose smaller parts or a weaker blur.' },
  OUTPUT_TOO_LARGE: { what: 'A result is larger than allowed.', todo: 'Choose smaller parts.' },
  DISAGREEMENT: {
    what: 'The peers that computed a part gave different results and no majority was found.',
    todo: 'Start again; with more peers in the sea a majority is found more easily.',
  },
  NO_SLOT: { what: 'No core was free for the work.', todo: 'Wait a little and try again.' },
  HOST_FAILURE: {
    what: 'A browser refused to run the part, for example for lack of memory.',
    todo: 'Choose smaller parts and start again.',
  },
  UNSUPPORTED: {
    what: 'A browser lacks something the task needs.',
    todo: 'Update the browser, or choose another task.',
  },
  NO_RIGHT: {
    what: 'This link does not give the right to do that.',
    todo: 'Ask whoever gave you the link for one that does.',
  },
  DAMAGED: {
    what: 'The pieces that came do not make up what was stored.',
    todo: 'Try again; other peers may hold sound pieces.',
  },
  BAD_MANIFEST: { what: 'The list of the stored pieces makes no sense.', todo: 'Ask for a fresh link to the data.' },
  BAD_LINK: { what: 'That is not a link to stored data.', todo: 'Check that the link was copied whole.' },
  QUOTA: { what: 'There is no room left for that.', todo: 'Store less, or free some space first.' },
  TOO_FEW_HOLDERS: {
    what: 'Too few peers in the sea would hold the pieces.',
    todo: 'Wait until more peers are linked, then try again.',
  },
  NOT_FOUND: {
    what: 'Nobody in the sea has what was asked for.',
    todo: 'It may have been deleted or have expired, or its holders are away. Check the link, or try again later.',
  },
  LEASE_TOO_LONG: { what: 'A peer holds nothing for that long.', todo: 'Store it for a shorter time.' },
  PORT_IN_USE: { what: 'The port is taken by another program.', todo: 'Start the node with another --port.' },
  NO_PERMISSION: {
    what: 'The system did not allow it.',
    todo: 'Check the permissions of this site in the browser’s settings.',
  },
  NO_STORAGE: {
    what: 'This browser keeps no data for this site, so your address changes with each visit.',
    todo: 'Nothing to do; allow site data if you want to keep one address.',
  },
  PAYMENT_REQUIRED: {
    what: 'Who computes asks to be paid, and nothing here can pay.',
    todo: 'Open a purse in the wallet section, or wait for devices that give their time.',
  },
  PRICE_TOO_HIGH: {
    what: 'Who computes asks more than the price you set.',
    todo: 'Raise the price, or wait for cheaper devices.',
  },
  CREDIT_LINE: {
    what: 'A device waits to be paid for what it has computed, or holds as many of your vouchers as it will, before it goes on.',
    todo: 'Start the job again in a moment. That device goes on by itself once it has claimed; others compute meanwhile.',
  },
  BUDGET_SPENT: {
    what: 'The budget of this job is spent.',
    todo: 'Raise the budget and start the job again; what had come is kept below.',
  },
  BAD_VOUCHER: {
    what: 'A device that computes refused a payment from here: its sum, its signature or its purse did not fit.',
    todo: 'Start the job again. If it happens again, look at the purse in the wallet section.',
  },
  BAD_QUOTE: {
    what: 'A device named a price that cannot be believed: it is not signed by that device, or has run out.',
    todo: 'Nothing to do: other devices are asked.',
  },
  PURSE_EMPTY: {
    what: 'The purse does not hold enough.',
    todo: 'Top it up in the wallet section.',
  },
  NO_CHAIN: {
    what: 'This sea names no chain, so nothing can be paid here.',
    todo: 'Work that costs nothing goes on; ask whoever runs the bootstrap node for a chain.',
  },
  CHAIN_FAILED: {
    what: 'The chain gave no usable answer.',
    todo: 'Try again in a moment; vouchers already taken are kept.',
  },
  WRONG_CHAIN: {
    what: 'The wallet is on another chain than this sea.',
    todo: 'Let the wallet switch the chain, then try again.',
  },
  NO_WALLET: {
    what: 'No wallet is connected, or it shows this page no account.',
    todo: 'Connect one in the Wallet section and choose an account there; what you earn is kept without one.',
  },
  WALLET_BUSY: {
    what: 'The wallet is asking you something already.',
    todo: 'Open the wallet and answer it there, then try again.',
  },
  WALLET_DECLINED: {
    what: 'You declined in the wallet. Nothing was sent.',
    todo: 'Nothing to do, or try again.',
  },
  CONTRACT_REFUSED: {
    what: 'The purse contract refused: the reason is in the details.',
    todo: 'Nothing was moved. Check what the purse holds and whether it is being unlocked, then try again.',
  },
  ACCOUNT_EMPTY: {
    what: 'The wallet’s account does not hold enough for the amount and the chain’s fee.',
    todo: 'Take a smaller amount, or another account.',
  },
  PICTURE_UNREADABLE: {
    what: 'This file is not a picture the browser can read.',
    todo: 'Choose a PNG, JPEG, WebP, GIF or AVIF file.',
  },
  PICTURE_TOO_LARGE: { what: 'The picture is too large.', todo: 'Choose a smaller picture, or a smaller output size.' },
  BAD_NUMBER: { what: 'That is not a number the task accepts.', todo: 'Correct the marked field and start again.' },
  BAD_BOOTSTRAP: {
    what: 'The bootstrap address is not a websocket address.',
    todo: 'Use ?bootstrap=wss://host/sea in the page’s address, or leave it out.',
  },
  BAD_OUTPUT: {
    what: 'A peer sent a result that does not fit the task.',
    todo: 'Start again with two peers per part, so that results are compared.',
  },
  BAD_ADDRESS: { what: 'That is not an address of the sea.', todo: 'Copy the whole address, or take a random point.' },
  BAD_CHANNEL: {
    what: 'That cannot be the name of a channel.',
    todo: 'Use letters, digits and dashes, at most 40 of them.',
  },
  CHAT_FULL: { what: 'There is no room for another talk or channel.', todo: 'Close one first.' },
  FILE_UNREADABLE: {
    what: 'The file could not be read to its end.',
    todo: 'It may have been moved or changed, or be a folder: choose it again.',
  },
  FILE_TOO_LARGE: { what: 'The file is too large.', todo: 'Put it into the Files section and send the link instead.' },
  TASK_NOT_LOADED: { what: 'The task’s program could not be loaded.', todo: 'Check the network and start again.' },
  NO_FILE_LINK: {
    what: 'There is no link to a file in that.',
    todo: 'Paste the whole link: it has “sea-read:” in it and many characters after it.',
  },
  NO_DEVICES: {
    what: 'No device in the sea offers room for this file now.',
    todo: 'Try a smaller file, or have somebody lend storage: any open page or peersea contribute does.',
  },
  BAD_AMOUNT: { what: 'That is not an amount.', todo: 'Write a number such as 0.05, not below zero.' },
  BAD_PASSPHRASE: {
    what: 'The passphrase will not do.',
    todo: 'Take several words that you will find again: without them the file opens for nobody.',
  },
  BAD_KEY_FILE: {
    what: 'The file holds no key, or the passphrase is another one.',
    todo: 'Choose a file that was saved here or by a wallet (Web3 Secret Storage), and type its passphrase.',
  },
  UNEXPECTED: {
    what: 'Something went wrong that the page did not foresee.',
    todo: 'Reload the page; your consent and address are kept.',
  },
};
