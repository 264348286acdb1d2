// The wallet: what it says before it acts, and how it says no. Every refusal names what was expected and what was found,
// and nothing of it is signed.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { act, choose, enter, fill, preview } from './acts.mjs';
import { door, go, open, says, start, stop } from './browser.mjs';
import { CHAIN, Person, signerOf } from './people.mjs';

before(start);
after(stop);

const alarm = (page) => page.locator('es-act .refusal, es-purse .refusal').first();

test('a browser without a wallet is told so, and the demo key is marked as what it is', async () => {
  const page = await open('wallet');
  await page.waitForSelector('es-purse .wallets');
  await says(page, 'es-purse', /no wallet that shows itself/);
  await says(page, 'es-purse', /Demo key\. It lies unprotected in this browser and signs for the demo chain 4827 alone/);
  await page.finish();
});

test('the demo key takes credits from the faucet: nothing is paid, and it goes on after a reload', async () => {
  const page = await open('wallet');
  await page.getByRole('button', { name: 'Use a demo key of this browser' }).click();
  await page.waitForSelector('es-purse[data-account^="0x"] .demo-mark');
  const account = await page.locator('es-purse').getAttribute('data-account');
  const { effect } = await act(page, 'wallet', 'Take credits from the faucet');
  assert.match(effect, new RegExp(`Sends a portion of test tokens to ${account}`, 'i'));
  await page.reload();
  await go(page, 'wallet');
  await page.waitForSelector(`es-purse[data-account="${account}"]`);
  await page.waitForFunction(() => document.getElementById('purse').innerText.startsWith('0x'));
  await page.waitForFunction(() => document.querySelector('.as-tokens')?.innerText.startsWith('1,000'));
  await page.finish();
});

test('the demo key signs what EIP-712 says, and refuses another chain', async () => {
  const page = await open('wallet');
  const data = {
    types: {
      EIP712Domain: [{ name: 'name', type: 'string' }, { name: 'chainId', type: 'uint256' }],
      Mail: [{ name: 'from', type: 'address' }, { name: 'text', type: 'string' }, { name: 'raw', type: 'bytes' }, { name: 'word', type: 'bytes32' }, { name: 'until', type: 'uint48' }, { name: 'open', type: 'bool' }],
    },
    primaryType: 'Mail',
    domain: { name: 'Ether Mail', chainId: CHAIN },
    message: { from: `0x${'a1'.repeat(20)}`, text: 'grüezi', raw: '0x0102ff', word: `0x${'7f'.repeat(32)}`, until: '1796000000', open: 1 },
  };
  const asked = (what) => page.evaluate(async (typed) => {
    const { burner } = await import('/dashboard/wallet/burner.js');
    const [account] = await burner.request({ method: 'eth_accounts' });
    try {
      return { account, signature: await burner.request({ method: 'eth_signTypedData_v4', params: [account, JSON.stringify(typed)] }) };
    } catch (fault) {
      return { account, code: fault.code, message: fault.message };
    }
  }, what);
  const { account, signature } = await asked(data);
  assert.equal(await signerOf(data, signature), account);
  assert.match((await asked({ ...data, domain: { ...data.domain, chainId: 1 } })).message, /signs for chain 4827 alone; this is for chain 1/);
  await page.finish();
});

test('a wallet on another chain is told both chains, and switches', async () => {
  const person = new Person('somebody');
  const page = await enter(person, { wallet: { chain: 1 } });
  await says(page, 'es-purse', /Your wallet is on chain 1; this economy lives on chain 4827/);
  await page.getByRole('button', { name: 'Switch to this chain' }).click();
  await page.waitForFunction(() => !/Your wallet is on chain/.test(document.querySelector('es-purse').innerText));
  assert.ok(page.wallet.asked.includes('wallet_switchEthereumChain'));
  await page.finish();
});

test('a page asks a wallet for nothing before a button is pressed', async () => {
  const person = new Person('somebody');
  let wallet;
  const { injectWallet } = await import('./people.mjs');
  const page = await open('wallet', { prepare: async (context) => { wallet = await injectWallet(context, person); } });
  await page.getByRole('button', { name: 'Test wallet' }).waitFor();
  assert.deepEqual(wallet.asked, []);
  await page.finish();
});

test('who declines in the wallet has signed and sent nothing, and may try again', async () => {
  const page = await enter(new Person('somebody'));
  page.wallet.declines.push('eth_signTypedData_v4');
  await choose(page, 'wallet', 'Take credits from the faucet');
  await preview(page);
  await page.getByRole('button', { name: 'Sign and hand in' }).click();
  await alarm(page).waitFor();
  assert.match(await alarm(page).innerText(), /You declined in your wallet\. Nothing was signed, and nothing was sent/);
  page.wallet.declines.length = 0;
  await page.getByRole('button', { name: 'Sign and hand in' }).click();
  await page.waitForSelector('es-act es-way[data-phase="included"], es-act es-way[data-phase="finalized"]');
  await page.finish();
});

test('a command that the chain would refuse says what was expected and what was found, and is not signed', async () => {
  const page = await enter(new Person('somebody'), { expects: /status of 422/ });
  await choose(page, 'wallet', 'Take credits out');
  await fill(page, { amount: '5' });
  await page.getByRole('button', { name: 'See what it would do' }).click();
  await alarm(page).waitFor();
  assert.match(await alarm(page).innerText(), /Refused: [\s\S]*Nothing was signed[\s\S]*Expected[\s\S]*Found/);
  assert.ok(!page.wallet.asked.includes('eth_signTypedData_v4'));
  await page.finish();
});

test('a field that cannot be read says so beside it', async () => {
  const page = await enter(new Person('somebody'));
  await choose(page, 'wallet', 'Take credits out');
  await fill(page, { amount: 'many' });
  await page.getByRole('button', { name: 'See what it would do' }).click();
  await page.waitForSelector('.field .wrong');
  assert.match(await page.locator('.field .wrong').innerText(), /Expected an amount of credits, as 12\.5, found “many”/);
  assert.equal(await page.locator('[name=amount]').getAttribute('aria-invalid'), 'true');
  await page.finish();
});

test('a host without a content store makes a short text its own address, and says so of a long one', async () => {
  const page = await open('wallet', { expects: /status of 404/ });
  const address = (text) => page.evaluate(async (given) => {
    const { FORMS } = await import('/dashboard/wallet/forms.js');
    try {
      return (await FORMS['tasks.create'].finish({ $text: given, $uri: '' }, {}))['terms.specURI'];
    } catch (fault) {
      return fault.message;
    }
  }, text);
  assert.equal(await address('Count the words.'), 'data:text/plain;charset=utf-8,Count%20the%20words.');
  assert.match(await address('x'.repeat(1_001)), /This host keeps no content: expected a text of at most 1000 bytes or an address/);
  await page.finish();
});

test('a thing says what an account may not do, and why', async () => {
  const page = await enter(new Person('somebody'));
  await go(page, 'task/task-34');
  await page.waitForSelector('es-actions details');
  await page.locator('es-actions summary').click();
  await says(page, 'es-actions .reasons', /Accept the work and pay: .+ Expected .+, found .+/);
  await page.finish();
});

test('what was typed stays while blocks come', async () => {
  const page = await enter(new Person('somebody'));
  await choose(page, 'wallet', 'Register an agent');
  await fill(page, { agentURI: 'https://example.org/half typ' });
  const before = await page.locator('#slider-says').innerText();
  await door('mine');
  await page.waitForFunction((old) => document.getElementById('slider-says').innerText !== old, before);
  await page.waitForTimeout(2_000);
  assert.equal(await page.locator('[name=agentURI]').inputValue(), 'https://example.org/half typ');
  await page.finish();
});

test('the past cannot be acted upon', async () => {
  const page = await open('act/agents.register?block=50');
  await says(page, 'main', /Nothing can be done at a block of the past/);
  await page.finish();
});
