// Statistics by hours or days. Enters: the counts that the index keeps. Leaves: charts, and the figures as a table.
// Always holds: hours in which nothing was counted are left out of the table and said to be.
import { h } from '../dom.js';
import { count, credits, creditsDrawn } from '../format.js';
import { chooser, heading, panel, table } from '../parts.js';

/** @type {import('../pages.js').Page} */
export const statistics = {
  title: () => 'Statistics',
  query: `query Statistics($at: BlockInput) {
    ${['allHourlyStatistics', 'allDailyStatistics']
      .map(
        (name) => `${name}(block: $at, last: 90) { nodes {
      start agentsRegistered tasksCreated bidsPlaced tasksMatched tasksSubmitted tasksFinalized tasksCancelled
      disputesOpened disputesSettled moves volume paid fees } }`,
      )
      .join('\n')}
  }`,
  render: (data, { route }) => {
    const isHours = route.choices.get('by') !== 'day';
    const rows = (isHours ? data.allHourlyStatistics : data.allDailyStatistics).nodes;
    const x = rows.map((/** @type {any} */ row) => Date.parse(row.start) / 1_000);
    /** @param {string} title @param {[string, (row: any) => number][]} series @param {string} note */
    const chart = (title, series, note) =>
      panel(
        title,
        [
          h('es-chart', {
            '.data': {
              label: title,
              x,
              isTime: true,
              unit: 'number',
              series: series.map(([label, value]) => ({ label, values: rows.map(value) })),
            },
          }),
        ],
        { note },
      );
    return h(
      'div',
      null,
      heading('Statistics', null, [
        chooser('By', 'by', isHours ? '' : 'day', [
          ['', 'Hours'],
          ['day', 'Days'],
        ]),
      ]),
      h(
        'div',
        { class: 'halves' },
        chart(
          'Tasks',
          [
            ['created', (row) => row.tasksCreated],
            ['matched', (row) => row.tasksMatched],
            ['paid', (row) => row.tasksFinalized],
            ['cancelled', (row) => row.tasksCancelled],
          ],
          'count',
        ),
        chart(
          'Paid for work',
          [
            ['paid', (row) => creditsDrawn(row.paid)],
            ['fees', (row) => creditsDrawn(row.fees)],
          ],
          'credits',
        ),
        chart('Money moved', [['volume', (row) => creditsDrawn(row.volume)]], 'credits'),
        chart(
          'Disputes',
          [
            ['opened', (row) => row.disputesOpened],
            ['settled', (row) => row.disputesSettled],
          ],
          'count',
        ),
      ),
      panel(
        'Figures',
        [
          table(
            'Statistics',
            rows.filter(isBusy).reverse(),
            [
              {
                name: isHours ? 'Hour' : 'Day',
                cell: (row) => row.start.slice(0, isHours ? 16 : 10).replace('T', ' '),
              },
              { name: 'Agents', isNumber: true, isWide: true, cell: (row) => count(row.agentsRegistered) },
              { name: 'Created', isNumber: true, cell: (row) => count(row.tasksCreated) },
              { name: 'Bids', isNumber: true, cell: (row) => count(row.bidsPlaced) },
              { name: 'Paid', isNumber: true, cell: (row) => count(row.tasksFinalized) },
              { name: 'Cancelled', isNumber: true, isWide: true, cell: (row) => count(row.tasksCancelled) },
              { name: 'Disputes', isNumber: true, isWide: true, cell: (row) => count(row.disputesOpened) },
              { name: 'Paid, credits', isNumber: true, cell: (row) => credits(row.paid) },
              { name: 'Fees, credits', isNumber: true, isWide: true, cell: (row) => credits(row.fees) },
            ],
            'Nothing was counted yet.',
          ),
        ],
        { note: `UTC; ${isHours ? 'hours' : 'days'} in which nothing was counted are left out` },
      ),
    );
  },
};

/** @param {any} row */
const isBusy = (row) =>
  [
    row.agentsRegistered,
    row.tasksCreated,
    row.bidsPlaced,
    row.tasksFinalized,
    row.tasksCancelled,
    row.disputesOpened,
    row.paid,
  ].some((figure) => String(figure) !== '0');
