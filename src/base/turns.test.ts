import { describe, expect, it } from 'vitest';
import { type Deferred, deferred } from './deferred.ts';
import { Turns } from './turns.ts';

/** Works that are begun in the order of their names in `begun`, and end when they are told. */
function scene(atOnceMax: number) {
  const turns = new Turns(atOnceMax);
  const begun: string[] = [];
  const works = new Map<string, Deferred<string>>();
  const ask = (name: string): Promise<string> => {
    const work = deferred<string>();
    works.set(name, work);
    return turns.run(name[0]!, () => {
      begun.push(name);
      return work.promise;
    });
  };
  const end = async (name: string): Promise<void> => {
    works.get(name)!.resolve(name);
    for (let i = 0; i < 5; i++) await Promise.resolve();
  };
  return { turns, begun, ask, end };
}

describe('Turns', () => {
  it('begin a few at once, the others as places come free', async () => {
    const { begun, ask, end } = scene(2);
    const [first] = [ask('a1'), ask('a2'), ask('a3')];
    expect(begun).toEqual(['a1', 'a2']);
    await end('a1');
    expect([await first, begun]).toEqual(['a1', ['a1', 'a2', 'a3']]);
  });

  it('let those who wait take turns, however much each asks for', async () => {
    const { begun, ask, end } = scene(1);
    for (const name of ['a1', 'a2', 'a3', 'a4', 'b1', 'c1', 'b2']) void ask(name);
    for (const name of ['a1', 'a2', 'b1', 'c1', 'a3', 'b2', 'a4']) await end(name);
    expect(begun).toEqual(['a1', 'a2', 'b1', 'c1', 'a3', 'b2', 'a4']);
  });

  it('go on after work that failed, and are all free in the end', async () => {
    const { turns, begun, ask, end } = scene(1);
    const failing = turns.run('x', () => Promise.reject(new Error('no')));
    void ask('a1');
    await expect(failing).rejects.toThrow('no');
    await end('a1');
    void ask('a2');
    expect(begun).toEqual(['a1', 'a2']);
  });
});
