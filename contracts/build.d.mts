import type { InterfaceAbi } from 'ethers';

/** A compiled contract; also the form of `out/sea-purse.json`. */
export interface Artifact {
  /** Version of the compiler. */
  readonly compiler: string;
  readonly abi: InterfaceAbi;
  /** Creation code, hexadecimal with 0x. */
  readonly bytecode: string;
  readonly runtimeBytes: number;
}

/** Compiles one contract of the file at `path`, seen from this folder. Throws with the compiler's own words. */
export function compile(path: string, contract: string): Artifact;

/** The compiler's settings, those of foundry.toml. */
export const settings: Readonly<Record<string, unknown>>;
