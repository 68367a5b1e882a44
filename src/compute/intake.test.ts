import { describe, expect, it } from 'vitest';
import type { Inputs } from './input-source.ts';
import { Intake } from './intake.ts';
import { HELD_BYTES_MAX } from './limits.ts';
import { settle } from './testing/test-network.ts';

function intakeOf(inputs: Inputs, inputBytesMax = 100): { intake: Intake; heard: unknown[] } {
  const heard: unknown[] = [];
  const intake = new Intake(inputs, inputBytesMax, {
    onInput: (index, input, later) => heard.push([index, input[0], later]),
    onOver: () => heard.push('over'),
    onError: error => heard.push(error),
  });
  return { intake, heard };
}

const bytes = (count: number): Uint8Array[] => Array.from({ length: count }, (_, at) => Uint8Array.of(at));

describe('Intake', () => {
  it('gives inputs of an iterable at once, one a pull', () => {
    const { intake, heard } = intakeOf(bytes(2));
    expect([intake.pull(1), intake.pull(1), intake.over, intake.pull(1), intake.over, intake.pull(1)]).toEqual([
      true,
      true,
      false,
      false,
      true,
      false,
    ]);
    expect(heard).toEqual([[0, 0, false], [1, 1, false], 'over']);
  });

  it('gives inputs of an async iterable later, asking for one at a time', async () => {
    async function* source(): AsyncGenerator<Uint8Array> {
      yield* bytes(2);
    }
    const { intake, heard } = intakeOf(source());
    expect([intake.pull(1), intake.pull(1)]).toEqual([false, false]);
    await settle();
    expect(heard).toEqual([[0, 0, true]]);
    intake.pull(1);
    await settle();
    intake.pull(1);
    await settle();
    expect(heard).toEqual([[0, 0, true], [1, 1, true], 'over']);
  });

  it('pulls 16 undelivered inputs, or four for each place in the windows', () => {
    for (const [windows, most] of [
      [0, 16],
      [4, 16],
      [5, 20],
      [50, 200],
    ] as const) {
      const { intake } = intakeOf(bytes(255));
      let pulled = 0;
      while (intake.pull(windows)) pulled++;
      expect(pulled).toBe(most);
      intake.delivered(new Uint8Array(0));
      expect([intake.pull(windows), intake.pull(windows)]).toEqual([true, false]);
    }
  });

  it('holds no more bytes than its bound, outputs in place of inputs, but always takes one', () => {
    const half = { length: HELD_BYTES_MAX / 2 } as Uint8Array; // stands for its size
    const { intake } = intakeOf(bytes(9));
    intake.pull(1);
    intake.accepted(Uint8Array.of(0), half);
    expect(intake.pull(1)).toBe(true);
    intake.accepted(Uint8Array.of(1), half);
    expect(intake.mayPull(1)).toBe(false);
    intake.delivered(half);
    expect(intake.mayPull(1)).toBe(true);
  });

  it('refuses an input above the limit by its index, takes one of exactly the limit', () => {
    const { intake, heard } = intakeOf([new Uint8Array(100), new Uint8Array(101)]);
    expect([intake.pull(1), intake.pull(1)]).toEqual([true, false]);
    expect(heard[1]).toMatchObject({ code: 'INPUT_TOO_LARGE' });
  });

  it('refuses what is no Uint8Array', () => {
    const { intake, heard } = intakeOf([[1, 2]] as never);
    expect(intake.pull(1)).toBe(false);
    expect(heard).toEqual([expect.objectContaining({ code: 'BAD_ARGUMENT' })]);
  });

  it('hears what the source throws, once', async () => {
    const broken = new Error('broken');
    async function* source(): AsyncGenerator<Uint8Array> {
      yield Uint8Array.of(5);
      throw broken;
    }
    const { intake, heard } = intakeOf(source());
    for (let pull = 0; pull < 3; pull++) {
      intake.pull(1);
      await settle();
    }
    expect(heard).toEqual([[0, 5, true], broken]);
    expect(intake.over).toBe(true);
  });

  it('lets the source end when it closes, and hears no more of it', async () => {
    let ended = false;
    let give = (): void => {};
    async function* source(): AsyncGenerator<Uint8Array> {
      try {
        await new Promise<void>(resolve => {
          give = resolve;
        });
        yield Uint8Array.of(1);
      } finally {
        ended = true;
      }
    }
    const { intake, heard } = intakeOf(source());
    intake.pull(1);
    await settle();
    intake.close();
    intake.close();
    give();
    await settle();
    expect([ended, heard, intake.pull(1)]).toEqual([true, [], false]);
  });

  it('closes quietly over a source whose end throws', () => {
    function* source(): Generator<Uint8Array> {
      try {
        yield Uint8Array.of(1);
      } finally {
        // biome-ignore lint/correctness/noUnsafeFinally: the source under test misbehaves
        throw new Error('late');
      }
    }
    const { intake, heard } = intakeOf(source());
    intake.pull(1);
    intake.close();
    expect(heard).toEqual([[0, 1, false]]);
  });
});
