/** The answer of a search and its best rows. */

import { saveFile } from '../save-file.ts';
import type { ResultTable } from '../tasks/result-table.ts';
import { ScrollFrame } from './scroll-frame.tsx';

/** Longer cells, in characters, break where the line ends. */
const LONG_CELL = 42;
/** Still longer ones are shown by both ends; the files have them whole. */
const LONGEST_CELL = 64;

interface TableResultProps {
  readonly result: ResultTable;
  readonly finished: boolean;
}

export function TableResult({ result, finished }: TableResultProps) {
  const { answer, best } = result.shown.value;
  const { columns, fileName } = result.view;
  const save = (form: 'csv' | 'json', type: string): void => {
    saveFile(new Blob([result.toText(form)], { type }), `${fileName}.${form}`);
  };
  return (
    <div class="table-result">
      <p class="answer" data-testid="answer">
        {answer}
      </p>
      {best.length > 0 && (
        <ScrollFrame label="Best results, table">
          <table>
            <caption class="visually-hidden">Best results</caption>
            <thead>
              <tr>
                {columns.map(column => (
                  <th key={column} scope="col">
                    {column.replaceAll('_', ' ')}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {best.map(row => (
                <tr key={String(row[0])}>
                  {row.map((cell, at) => (
                    <Cell key={columns[at]} text={String(cell)} />
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollFrame>
      )}
      {finished && best.length > 0 && (
        <div class="result-tools">
          <button type="button" class="button" onClick={() => save('csv', 'text/csv')}>
            Download CSV
          </button>
          <button type="button" class="button" onClick={() => save('json', 'application/json')}>
            Download JSON
          </button>
        </div>
      )}
    </div>
  );
}

function Cell({ text }: { readonly text: string }) {
  if (text.length > LONGEST_CELL) {
    return (
      <td class="exact" title={text}>
        {text.slice(0, 8)}…{text.slice(-14)}
      </td>
    );
  }
  return <td class={text.length > LONG_CELL ? 'exact long-number' : 'exact'}>{text}</td>;
}
