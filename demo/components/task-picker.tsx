/** The four tasks as a group of radio buttons. */

import type { Signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import type { TaskName } from '../tasks/job-plan.ts';
import { ChainIcon, FractalIcon, PictureIcon, ProofIcon } from './icons.tsx';

interface TaskWords {
  readonly name: TaskName;
  readonly title: string;
  readonly about: string;
  readonly icon: ComponentChildren;
}

const tasks: readonly TaskWords[] = [
  { name: 'picture', title: 'Picture', about: 'Scale and blur a photo of yours, tile by tile.', icon: <PictureIcon /> },
  { name: 'mandelbrot', title: 'Mandelbrot', about: 'Draw a piece of the Mandelbrot set.', icon: <FractalIcon /> },
  { name: 'collatz', title: 'Collatz', about: 'Find the longest 3n+1 chain among big numbers.', icon: <ChainIcon /> },
  {
    name: 'hash-search',
    title: 'Hash search',
    about: 'Find a number that gives a text a rare SHA‑256 hash.',
    icon: <ProofIcon />,
  },
];

interface TaskPickerProps {
  readonly task: Signal<TaskName>;
  /** Called when another task is picked. */
  readonly onPick: () => void;
}

export function TaskPicker({ task, onPick }: TaskPickerProps) {
  const about = tasks.find(({ name }) => name === task.value)?.about;
  return (
    <fieldset class="bare">
      <legend class="field-label">Task</legend>
      <div class="task-picker">
        {tasks.map(({ name, title, icon }) => (
          <label key={name} class="task-option">
            <input
              type="radio"
              name="task"
              value={name}
              checked={task.value === name}
              onChange={() => {
                task.value = name;
                onPick();
              }}
            />
            {icon}
            <span>{title}</span>
          </label>
        ))}
      </div>
      <p class="fine">{about}</p>
    </fieldset>
  );
}
