/** The names under which the window's port travels. Apart from the messages: the preload script needs nothing else. */

/** The ipc channel by which the preload script asks for the port and gets it. */
export const PORT_CHANNEL = 'peersea:port';
/** What the preload script posts to its window together with the port. */
export const PORT_MESSAGE = 'peersea:port';
