// docs/events/catalog.md: the catalog for people, from the catalog for machines.
export function markdown(catalog) {
  const count = catalog.contracts.reduce((sum, contract) => sum + contract.events.length, 0);
  const lines = [
    `# Event catalog v${catalog.version}.${catalog.revision}`,
    '',
    '<!-- Generated from the compiled contracts by ./es contracts catalog; do not edit. -->',
    '',
    `${count} events of ${catalog.contracts.length} contracts. Hash \`${catalog.hash}\`: keccak256 over the sorted lines`,
    '`Contract.Event(type indexed name,...)`, so a change of a type, a name, an order or an `indexed` changes it. The same hash stands',
    'on chain in `ContractRegistered.catalogHash`. Within v1 events are only added: see [how](README.md).',
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
