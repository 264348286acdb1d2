// The second opinion: one JSON request a line in, one JSON answer a line out, computed by viem.
import { createInterface } from 'node:readline';
import { encodeAbiParameters, getAddress, hashMessage, hashTypedData, keccak256 } from 'viem';
import { privateKeyToAccount, sign } from 'viem/accounts';

// Numbers come as strings, because JSON's own are too small.
function revive(type, components, value) {
  const array = /^(.*)\[\d*\]$/.exec(type);
  if (array) return value.map((item) => revive(array[1], components, item));
  if (type === 'tuple') return components.map((field, i) => revive(field.type, field.components, value[i]));
  return /^u?int/.test(type) ? BigInt(value) : value;
}

function reviveTyped(types, type, value) {
  const array = /^(.*)\[\d*\]$/.exec(type);
  if (array) return value.map((item) => reviveTyped(types, array[1], item));
  if (types[type]) return Object.fromEntries(types[type].map((f) => [f.name, reviveTyped(types, f.type, value[f.name])]));
  return /^u?int/.test(type) ? BigInt(value) : value;
}

const operations = {
  encode: ({ parameters, values }) => encodeAbiParameters(parameters, parameters.map((p, i) => revive(p.type, p.components, values[i]))),
  keccak: ({ data }) => keccak256(data),
  checksum: ({ address }) => getAddress(address),
  message: ({ text }) => hashMessage(text),
  address: ({ key }) => privateKeyToAccount(key).address,
  sign: ({ key, hash }) => sign({ hash, privateKey: key, to: 'hex' }),
  typed: ({ domain, types, primaryType, message }) => hashTypedData({
    domain: { ...domain, chainId: domain.chainId === undefined ? undefined : BigInt(domain.chainId) },
    types,
    primaryType,
    message: reviveTyped(types, primaryType, message),
  }),
  transaction: ({ key, transaction }) => {
    const t = { ...transaction };
    for (const name of ['gas', 'value', 'maxFeePerGas', 'maxPriorityFeePerGas']) if (name in t) t[name] = BigInt(t[name]);
    return privateKeyToAccount(key).signTransaction(t);
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  let answer;
  try {
    const { operation, ...rest } = JSON.parse(line);
    answer = { result: await operations[operation](rest) };
  } catch (error) {
    answer = { error: String(error.message ?? error) };
  }
  process.stdout.write(JSON.stringify(answer) + '\n');
}
