// Kubo's own client against our /api/v0. Argument: the address. Leaves: one line of JSON with what it saw.
import { create } from 'kubo-rpc-client'

const ipfs = create({ url: `${process.argv[2]}/api/v0` })
const saw = {}
const told = async (work) => { try { return await work() } catch (refusal) { return `refused: ${refusal.message}` } }
const all = async (source) => { const found = []; for await (const one of source) found.push(one); return found }
const read = async (cid, options) => Buffer.concat(await all(ipfs.cat(cid, options))).toString()

const added = await ipfs.add({ path: 'greeting.txt', content: 'hello, content' }, { cidVersion: 1, rawLeaves: true })
saw.added = { path: added.path, cid: added.cid.toString(), size: added.size }
saw.read = await read(added.cid)
saw.part = await read(added.cid, { offset: 7, length: 4 })
saw.pinned = (await all(ipfs.pin.ls())).map(({ cid }) => cid.toString())
saw.unpinned = (await ipfs.pin.rm(added.cid)).toString()
saw.left = (await all(ipfs.pin.ls())).length
saw.again = (await ipfs.pin.add(added.cid)).toString()
saw.block = Buffer.from(await ipfs.block.get(added.cid)).toString()
saw.missing = await told(() => read('bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy'))
saw.directory = await told(() => ipfs.add('x', { wrapWithDirectory: true, cidVersion: 1 }))
saw.old = await told(() => ipfs.add('x', { cidVersion: 0 }))
console.log(JSON.stringify(saw))
