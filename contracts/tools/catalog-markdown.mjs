// docs/events/catalog.md: the catalog for people, from the catalog for machines.
export function markdown(catalog) {
  const events = catalog.contracts.flatMap((contract) => contract.events);
  const retired = events.filter((event) => event.retired).length;
  const open = catalog.revision === catalog.frozen ? '' : ', open: its own events may still change';
  const lines = [
    `# Event catalog v${catalog.version}.${catalog.revision}`,
    '',
    '<!-- Generated from the compiled contracts by ./es catalog add; do not edit. -->',
    '',
    `${events.length} events of ${catalog.contracts.length} contracts${retired === 0 ? '' : `, ${retired} of them retired`}. The hash is keccak256 over the sorted lines`,
    '`Contract.Event(type indexed name,...)`, so a change of a type, a name, an order or an `indexed` changes it. The same hash stands',
    'on chain in `ContractRegistered.catalogHash`. Within v1 events are only added: see [how](README.md).',
    '',
    '| revision | hash |',
    '|---|---|',
    ...catalog.revisions.map(
      ({ revision, hash }) => `| ${catalog.version}.${revision}${revision === catalog.revision ? open : ''} | \`${hash}\` |`,
    ),
    '',
  ];
  for (const contract of catalog.contracts) {
    if (contract.events.length === 0) continue;
    lines.push(`## ${contract.name}`, '');
    for (const event of contract.events) lines.push(...eventLines(event));
  }
  return `${lines.join('\n').trimEnd()}\n`;
}

function eventLines(event) {
  const lines = [`### ${event.name}`, ''];
  if (event.meaning) lines.push(event.meaning, '');
  if (event.trigger) lines.push(`- Who may trigger it: ${event.trigger}`);
  if (event.step) lines.push(`- State machine: ${event.step}`);
  if (event.retired) lines.push(`- Retired in ${event.retired}: only contracts of before emit it`);
  lines.push(`- Since ${event.since}, topic \`${event.topic0}\``, '', '| field | type | | |', '|---|---|---|---|');
  for (const one of event.fields) lines.push(...fieldLines(one, ''));
  lines.push('');
  return lines;
}

function fieldLines(one, prefix) {
  const name = `${prefix}${one.name || '(unnamed)'}`;
  const rows = [`| ${name} | ${one.type} | ${one.indexed ? 'indexed' : ''} | ${one.meaning ?? ''} |`];
  for (const component of one.components ?? []) rows.push(...fieldLines(component, `${name}.`));
  return rows;
}
