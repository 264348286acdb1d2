// The browser module in Node. Enters: the module's address on disk, and on standard input a key, a checkpoint, a proof and its leaf as JSON. Leaves:
// what holds, and how many spoiled texts were refused; exit 1 where one passed.
const { parseKey, verifyCheckpoint, verifyProof, verifyState } = await import(process.argv[2]);
let input = '';
for await (const chunk of process.stdin) input += chunk;
const { key, checkpoint, proof, leaf, stateProof } = JSON.parse(input);
const log = await parseKey(key);
const head = await verifyCheckpoint(checkpoint, log);
const { index } = await verifyProof(proof, leaf, log);

let refused = 0;
const passes = async (what) => {
  try {
    await what();
    return true;
  } catch (fault) {
    if (!/^expected .*, found .*, in (the|a) /su.test(fault.message)) throw fault;
    refused++;
    return false;
  }
};
const wrong = [];
// Every letter of both texts in its turn; what stays readable must not verify.
for (let at = 0; at < proof.length; at++) {
  const spoiled = proof.slice(0, at) + (proof[at] === 'A' ? 'B' : 'A') + proof.slice(at + 1);
  if (await passes(() => verifyProof(spoiled, leaf, log))) wrong.push(`proof ${at}`);
}
for (let at = 0; at < checkpoint.length; at++) {
  const spoiled = checkpoint.slice(0, at) + (checkpoint[at] === 'A' ? 'B' : 'A') + checkpoint.slice(at + 1);
  if (await passes(() => verifyCheckpoint(spoiled, log))) wrong.push(`checkpoint ${at}`);
}
// Every fifth letter: a state proof is long.
const { thing, state } = await verifyState(stateProof, log);
for (let at = 0; at < stateProof.length; at += 5) {
  const spoiled = stateProof.slice(0, at) + (stateProof[at] === 'A' ? 'B' : 'A') + stateProof.slice(at + 1);
  if (await passes(() => verifyState(spoiled, log))) wrong.push(`state proof ${at}`);
}
for (const spoiled of [`${leaf} `, leaf.replace('"derived":false', '"derived":true'), ''])
  if (spoiled !== leaf && (await passes(() => verifyProof(proof, spoiled, log)))) wrong.push('leaf');
if (await passes(() => verifyCheckpoint(checkpoint, log, [], 1))) wrong.push('quorum');
console.log(JSON.stringify({ size: `${head.size}`, index: `${index}`, refused, wrong, thing, state }));
process.exit(wrong.length > 0 ? 1 : 0);
