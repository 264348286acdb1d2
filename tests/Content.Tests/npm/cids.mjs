// The reference implementation of CIDs beside ours. Lines in: {"content": base64} or {"text": ...}. Lines out: the CID of
// the content as one raw block, or text and bytes of what was read, or {"refused": why}.
import { createInterface } from 'node:readline'
import { createHash } from 'node:crypto'
import { CID } from 'multiformats/cid'
import * as raw from 'multiformats/codecs/raw'
import * as Digest from 'multiformats/hashes/digest'
import { base58btc } from 'multiformats/bases/base58'

for await (const line of createInterface({ input: process.stdin })) {
  const asked = JSON.parse(line)
  try {
    if (asked.content !== undefined) {
      const hash = createHash('sha256').update(Buffer.from(asked.content, 'base64')).digest()
      console.log(JSON.stringify({ text: CID.createV1(raw.code, Digest.create(0x12, hash)).toString() }))
    } else {
      const cid = asked.text.startsWith('Qm') ? CID.parse(asked.text, base58btc) : CID.parse(asked.text)
      const { version, code, multihash } = cid
      console.log(JSON.stringify({
        text: cid.toString(), bytes: Buffer.from(cid.bytes).toString('hex'), version, code, hash: multihash.code
      }))
    }
  } catch (refusal) {
    console.log(JSON.stringify({ refused: refusal.message }))
  }
}
