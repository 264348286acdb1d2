// One small damage to a valid request: to its tokens, its names, its values, its definitions, or its variables' values.
const tokens = /"""[\s\S]*?"""|"(?:\\.|[^"\\\n])*"|#[^\n]*|\.\.\.|[_A-Za-z][_0-9A-Za-z]*|-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|[!$&()=:@[\]{|}]|[\s,]+|./gu;
const punctuation = ['{', '}', '(', ')', '[', ']', '!', '$', ':', '=', '@', '...', '|', '&', '"', '#', '.', '?', '%', '\\', '\u00e9', '\ufeff'];
const words = ['on', 'query', 'fragment', 'null', 'true', 'false', 'subscription', 'mutation', 'type', 'extend', 'id', 'name', 'unknown', '__typename', '__schema', '__type', 'include', 'skip', 'deprecated', 'if', 'Query', 'Task', 'Agent', 'One', 'Two', 'A', 'Int', 'String', 'v0', 'v1', 'x', 'y', 'first', 'state', 'OPEN', 'P'];
const values = ['null', '1', '-0', '00', '01', '1.', '.5', '1.5', '1e5', '1e999', '2147483648', '9007199254740993', '"s"', '"\\q"', '"\\u12"', '"\\uD83D\\uDE00"', '"\\uD800"', '"\\u{110000}"', '"""b"""', 'true', 'ENUM', '[]', '[1]', '[[1]]', '[null]', '{}', '{ a: 1 }', '{ a: 1, a: 2 }', '$v0', '$nope', '{ id: 1, number: 2 }', '{ id: null }', '{ number: $v0 }', '0x1', '1_000', '"unterminated'];
const insertions = [' @skip(if: true)', ' @include(if: $v0)', ' @include', ' @skip(if: "x")', ' @unknown', ' @deprecated', ' @tag(name: "t")', ' @tag', ' @onField(level: 1)', ' @onField', ' @onField(level: 1) @onField(level: 2)', ' @skip(if: false) @skip(if: false)', ' ... on Task { id }', ' ... on Agent { id: name }', ' ... on Query { __typename }', ' ... on State { x }', ' ... on One { y: x }', ' ... on Two { x: y self { x } }', ' ...F', ' ...Missing', ' { id }', ' { }', ' __typename', ' __schema { types { name fields { name } } }', ' __type(name: "Task") { fields { type { fields { name } } } }', ' __type { name }', ' id', ' id: __typename', ' x', ' y', ' title: id', ' version', ' (id: 1)', ' (id: 1, id: 2)', ' (where: { and: [{ state: OPEN }] })', ' (choice: { id: 1 })', ' # comment\n', '\n', ' , ', ' "description" ', ' """block""" '];
const definitions = ['fragment Unused on Query { __typename }', 'fragment F on Task { id ...F }', 'fragment F on Nope { id }', 'fragment F on Task { ...G } fragment G on Task { ...F }', '{ __typename }', 'query Other { __typename }', 'query Op { __typename }', 'type X { y: Int }', 'extend type Query { y: Int }', 'schema { query: Query }', 'subscription S { taskChanged { id } bidMade { id } }', 'subscription S { __typename }', 'mutation M { cancel(ids: []) { id } }', 'query ($v: Task) { __typename }', 'query V($v: Int, $v: Int) { __typename }', '"described" query D { __typename }', '"described" fragment F on Task { id }', '"described" { __typename }', 'query D("described" $v: Int = 1 @tag(name: "v")) { tasks(first: $v) { id } }', 'query E($v: [ID!]! = ["a"], $w: [ID]) { nodes(ids: $v) { id } again: nodes(ids: $w) { id } }', 'query N($v: ID = "a") { node(id: $v) { id ... on Named { name } } }', 'query O($v: ID) { subject(choice: { id: $v }) { __typename } }', 'query O($v: ID!) { subject(choice: { id: $v }) { __typename } }', 'directive @d on FIELD'];

export function mutate(text, random, schema) {
  let result = text;
  for (let times = random.chance(0.7) ? 1 : 2; times > 0; times--) result = once(result, random, schema);
  return result;
}

function once(text, random, schema) {
  const parts = text.match(tokens) ?? [];
  const visible = parts.map((part, at) => [part, at]).filter(([part]) => !/^[\s,]+$/.test(part)).map(([, at]) => at);
  const at = visible[random.int(visible.length)];
  const isWord = (part) => /^[_A-Za-z]/.test(part);
  switch (random.int(12)) {
    case 0: parts.splice(at, 1); break;
    case 1: parts.splice(at, 0, `${parts[at]} `); break;
    case 2: { const other = visible[random.int(visible.length)]; [parts[at], parts[other]] = [parts[other], parts[at]]; break; }
    case 3: parts[at] = random.pick(punctuation); break;
    case 4: { const chosen = pickAt(parts, visible, random, isWord); parts[chosen] = ` ${random.pick(words)} `; break; }
    case 5: { const chosen = pickAt(parts, visible, random, isWord); parts[chosen] = ` ${random.pick(namesOf(schema, random))} `; break; }
    case 6: { const chosen = pickAt(parts, visible, random, (p) => /^["\d-]|^(true|false|null|[A-Z]+)$/.test(p)); parts[chosen] = ` ${random.pick(values)} `; break; }
    case 7: parts.splice(at + 1, 0, random.pick(insertions)); break;
    case 8: { const chosen = pickAt(parts, visible, random, (p) => p === '{'); parts.splice(chosen + 1, 0, random.pick(insertions)); break; }
    case 9: parts.push('\n', random.pick(definitions)); break;
    case 10: { const chosen = pickAt(parts, visible, random, isWord); parts[chosen] += random.pick(['s', '_', '1', '!', '\u00e9', ': id', '(x: 1)']); break; }
    default: { const chosen = pickAt(parts, visible, random, (p) => p === '!' || p === '[' || p === ']' || p === '$'); parts.splice(chosen, 1); break; }
  }
  return parts.join('');
}

function pickAt(parts, visible, random, wanted) {
  const fitting = visible.filter((at) => wanted(parts[at]));
  return fitting.length ? fitting[random.int(fitting.length)] : visible[random.int(visible.length)];
}

function namesOf(schema, random) {
  const types = Object.values(schema.getTypeMap()).filter((t) => !t.name.startsWith('__'));
  const type = types[random.int(types.length)];
  return [type.name, ...(type.getFields ? Object.keys(type.getFields()) : [])];
}

const wrong = [null, 1, -1, 1.5, 'text', '', true, [], [null], [[1]], {}, { a: 1 }, { id: 1, number: 2 }, { id: null }, 1e20, 2147483648, 'OPEN', 'NOPE', { and: [{ state: 'OPEN' }] }, { title: {} }, { title: { contains: null } }];

export function mutateVariables(variables, random) {
  const names = Object.keys(variables);
  const name = names.length && random.chance(0.8) ? random.pick(names) : random.pick(['v0', 'v1', 'extra']);
  if (random.chance(0.25)) { const { [name]: _, ...rest } = variables; return rest; }
  return { ...variables, [name]: random.pick(wrong) };
}
