/** All state of the page, made in one place, and the beat that keeps figures fresh. */

import { effect } from '@preact/signals';
import { ResultPicture } from '../pictures/result-picture.ts';
import { makeSamplePicture } from '../pictures/sample-picture.ts';
import { saveFile } from '../save-file.ts';
import type { JobPlan } from '../tasks/job-plan.ts';
import { loadBundle } from '../tasks/programs.ts';
import { ResultTable } from '../tasks/result-table.ts';
import { BrowserRoom, type StorageEstate } from './browser-room.ts';
import { Chain } from './chain.ts';
import { Chat } from './chat.ts';
import { Choices } from './choices.ts';
import { Contribution } from './contribution.ts';
import { CreditDesk } from './credit.ts';
import { PayKeyDesk } from './credit-key.ts';
import { Files } from './files.ts';
import { Holding } from './holding.ts';
import { JobDesk } from './job.ts';
import { JobPrice } from './job-price.ts';
import { Links } from './links.ts';
import { Routes } from './routes.ts';
import { AddressCall } from './routes-call.ts';
import { type AddressBar, Section } from './section.ts';
import { Session, type SessionSurroundings } from './session.ts';
import { Side } from './side.ts';
import { WalletDesk } from './wallet.ts';
import { loadWalletTools } from './wallet-tools.ts';

/** Figures on the page are brought up to date so often, ms. */
const BEAT_MS = 250;
/** The links' figures (round trips, bytes) are read every so many beats; a new or lost link shows at once. */
const LINKS_EVERY_BEATS = 4;

/** Where a job's outputs go. */
export type ResultSink = ResultPicture | ResultTable;

export interface PageSurroundings extends SessionSurroundings {
  /** A steady clock, ms. */
  readonly now: () => number;
  /** Unix time, ms. */
  readonly wallMs: () => number;
  readonly window: AddressBar & Window;
  /** The browser's room for this site. */
  readonly estate: StorageEstate;
}

export class PageState {
  readonly session: Session;
  readonly section: Section;
  readonly side: Side = new Side();
  readonly contribution: Contribution;
  readonly links: Links = new Links();
  readonly holding: Holding = new Holding();
  readonly room: BrowserRoom;
  readonly files: Files;
  readonly chat: Chat;
  readonly routes: Routes;
  readonly addressCall: AddressCall;
  readonly chain: Chain = new Chain((...ask) => fetch(...ask));
  readonly credit: CreditDesk;
  readonly payKey: PayKeyDesk;
  readonly wallet: WalletDesk;
  readonly choices: Choices = new Choices(makeSamplePicture);
  readonly jobPrice: JobPrice = new JobPrice();
  readonly job: JobDesk<ResultSink>;
  #beats = 0;
  #beat: ReturnType<typeof setInterval> | undefined;

  constructor(surroundings: PageSurroundings) {
    this.room = new BrowserRoom(surroundings.estate);
    this.files = new Files({
      storage: surroundings.storage,
      wallMs: surroundings.wallMs,
      online: () => (this.session.phase.value.state === 'online' ? this.session.sea.value : undefined),
      isInFront: () => this.section.current.value === 'files',
    });
    this.section = new Section(surroundings.window);
    this.routes = new Routes(surroundings.now);
    this.addressCall = new AddressCall(surroundings.now);
    this.contribution = new Contribution(surroundings.now);
    this.credit = new CreditDesk(surroundings.wallMs, () => this.section.current.value === 'wallet');
    this.payKey = new PayKeyDesk(surroundings.storage);
    this.wallet = new WalletDesk({
      storage: surroundings.storage,
      chain: this.chain,
      credit: this.credit,
      loadTools: loadWalletTools,
      target: () => surroundings.window,
      isInFront: () => this.section.current.value === 'wallet',
      wallMs: surroundings.wallMs,
    });
    this.job = new JobDesk<ResultSink>({ now: surroundings.now, makeSink, loadBundle });
    this.session = new Session({
      ...surroundings,
      onSea: sea => {
        this.contribution.follow(sea);
        this.links.follow(sea);
        this.routes.follow(sea);
        this.addressCall.follow(sea);
        this.chat.follow(sea);
        this.holding.follow(sea);
        this.files.follow(sea);
        surroundings.onSea(sea);
      },
    });
    this.chat = new Chat({
      ...surroundings,
      section: this.section,
      agreed: () => this.session.consent.value !== undefined,
      save: saveFile,
      visit: crypto.randomUUID(),
    });
    effect(() => this.#followMoney());
  }

  /** Money comes after joining: its code and its keys are fetched when the sea has been entered, or could not be. */
  #followMoney(): void {
    const sea = this.session.sea.value;
    const { state } = this.session.phase.value;
    if (sea === undefined || state === 'asking' || state === 'joining' || this.credit.source !== undefined) return;
    this.credit.follow(sea);
    void this.payKey.follow(sea.credit);
    void this.wallet.follow();
  }

  /** Starts the beat. */
  start(): void {
    this.#beat ??= setInterval(() => this.refresh(), BEAT_MS);
    void this.room.measure();
  }

  refresh(): void {
    this.#beats += 1;
    this.contribution.refresh();
    this.job.refresh();
    this.holding.refresh();
    this.files.refresh();
    this.chat.refresh();
    this.routes.refresh();
    this.credit.refresh();
    this.wallet.refresh();
    if (this.#beats % LINKS_EVERY_BEATS === 0) this.links.refresh();
  }

  /** Ends beat, job and sea, as the page goes away. */
  async close(): Promise<void> {
    clearInterval(this.#beat);
    this.#beat = undefined;
    this.job.cancel();
    await this.session.close();
  }
}

function makeSink({ view }: JobPlan): ResultSink {
  return view.kind === 'picture' ? new ResultPicture(view) : new ResultTable(view);
}
