// The importer of IPFS beside ours: for each number of bytes and size of chunks the CID that `ipfs add --cid-version=1
// --raw-leaves --chunker=size-N` gives. Lines in: {"content": base64, "chunk": N}. Lines out: {"text": CID}.
import { createInterface } from 'node:readline'
import { importer } from 'ipfs-unixfs-importer'
import { fixedSize } from 'ipfs-unixfs-importer/chunker'

const nowhere = { put: (cid) => cid, get: () => { throw new Error('expected no reads') } }
for await (const line of createInterface({ input: process.stdin })) {
  const { content, chunk } = JSON.parse(line)
  const source = [{ content: Buffer.from(content, 'base64') }]
  for await (const entry of importer(source, nowhere, {
    cidVersion: 1, rawLeaves: true, reduceSingleLeafToSelf: true, chunker: fixedSize({ chunkSize: chunk })
  })) console.log(JSON.stringify({ text: entry.cid.toString() }))
}
