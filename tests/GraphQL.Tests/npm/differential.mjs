// Compares lib/GraphQL (through the line driver) with graphql-js on generated documents: valid, mutated, and dense with
// fields that meet in the response.
// usage: node differential.mjs SEED COUNT COMMAND... ; the last line of output is a JSON summary.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { buildSchema, parse, validate, getVariableValues } from './oracle.mjs';
import { schemas } from './schemas.mjs';
import { Generator } from './generator.mjs';
import { mutate, mutateVariables } from './mutator.mjs';
import { justify } from './justified.mjs';

const [seedText, countText, ...command] = process.argv.slice(2);
const generator = new Generator(Number(seedText));
const count = Number(countText);

const built = schemas.map((sdl) => ({ sdl, schema: buildSchema(sdl) }));

function oracle(schema, request) {
  try {
    const document = parse(request.query);
    const errors = validate(schema, document);
    if (errors.length > 0) return errors[0].message;
    const operations = document.definitions.filter((d) => d.kind === 'OperationDefinition');
    const operation = request.operationName == null
      ? operations.length === 1 ? operations[0] : undefined
      : operations.find((o) => o.name?.value === request.operationName);
    if (!operation) return 'no such operation';
    const { errors: problems } = getVariableValues(schema, operation.variableDefinitions ?? [], request.variables ?? {});
    return problems ? problems[0].message : null;
  } catch (error) {
    return error.message;
  }
}

const requests = [];
for (let id = 0; id < count; id++) {
  const { sdl, schema } = built[id % built.length];
  const kind = ['valid', 'valid', 'mutated', 'mutated', 'dense'][(id >> 1) % 5];
  const made = generator.request(schema, kind === 'dense');
  const request = { id, sdl, ...made };
  if (kind === 'mutated') {
    if (generator.chance(0.8)) request.query = mutate(request.query, generator, schema);
    else request.variables = mutateVariables(request.variables, generator);
  }
  requests.push({ request, kind, expected: oracle(schema, request) });
}

const driver = spawn(command[0], command.slice(1), { stdio: ['pipe', 'pipe', 'inherit'] });
const answers = createInterface({ input: driver.stdout });
const summary = { seed: Number(seedText), count, accepted: 0, refused: 0, validRefused: 0, overlapRefused: 0, justified: {}, differences: [] };
let next = 0;
const done = new Promise((resolve) => {
  answers.on('line', (line) => {
    const answer = JSON.parse(line);
    const { request, kind, expected } = requests[answer.id];
    next++;
    if (expected === null) summary.accepted++;
    else summary.refused++;
    if (/conflict because/.test(expected ?? '')) summary.overlapRefused++;
    if (kind === 'valid' && expected !== null) {
      summary.validRefused++;
      if (summary.validRefused < 4) console.log(`generated as valid, refused by graphql-js: ${expected}\n${request.query}\n${JSON.stringify(request.variables)}`);
    }
    if (answer.ok === (expected === null)) return;
    const reason = justify(request, expected, answer.reason);
    if (reason) summary.justified[reason] = (summary.justified[reason] ?? 0) + 1;
    else summary.differences.push({ query: request.query, variables: request.variables, operationName: request.operationName, graphqlJs: expected ?? 'ok', ours: answer.reason ?? 'ok' });
  });
  answers.on('close', resolve);
});
for (const { request } of requests) {
  if (!driver.stdin.write(JSON.stringify(request) + '\n')) await new Promise((resolve) => driver.stdin.once('drain', resolve));
}
driver.stdin.end();
await done;
summary.answered = next;
summary.differenceCount = summary.differences.length;
summary.differences = summary.differences.slice(0, 10);
console.log(JSON.stringify(summary));
