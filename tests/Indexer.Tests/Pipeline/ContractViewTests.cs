// The fold in C# beside the contracts' own storage: every row of a world of 50,000 events equals what the contract's
// view answers by eth_call.
using System.Globalization;
using EventSourced.Chain.Encoding;
using EventSourced.Ethereum;
using EventSourced.Ethereum.Abi;
using EventSourced.Ethereum.Rpc;
using EventSourced.World;

namespace EventSourced.Indexer.Tests.Pipeline;

public sealed class ContractViewTests
{
    private const long Events = 50_000;
    private const int CallsPerBatch = 200;
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Every_task_bid_lease_dispute_agent_and_account_is_what_its_contract_says()
    {
        await using var chain = await WorldChain.FreshAsync(None);
        using (var world = await World.World.SettleAsync(chain, new WorldOptions(7, Events), Population.Large, None))
            await world.LiveAsync(Events, null, None);
        await using var database = await IndexedDatabase.OfAsync(chain, IndexedDatabase.Options with
        {
            Ingestion = IndexedDatabase.Options.Ingestion with { FinalityDepth = 0 },
        });
        Assert.True(await database.CountAsync("select count(*) from mt_events") >= Events);
        Assert.Equal(0, await database.CountAsync("select count(*) from model.violation"));
        var views = new Views(chain, database);
        await views.EqualAsync("TaskMarket", "taskOf", [],
            """
            select t.task_id, t.client, t.status, t.mode, t.is_optimistic::int, t.round, t.ruled_kinds, t.cause, t.expires_at, t.max_price,
                   t.agent_bond, t.named_agent_id, t.commit_end, t.reveal_end, t.agent_id, t.bid_id, null, t.start_by, t.deliver_by,
                   t.review_end, t.challenge_end, t.price, t.min_reputation, t.dispute_id, t.domain, null, m.spec_hash, s.result_hash,
                   s.receipt_hash, null, null
              from model.task t join model.task_terms m using (task_id) left join model.submission s using (task_id)
            """);
        await views.EqualAsync("TaskMarket", "bidOf", [],
            "select bid_id, task_id, agent_id, score, null, status, price, commitment from model.bid");
        await views.EqualAsync("WorkLeases", "leaseOf", [],
            "select lease_id, task_id, agent_id, expires_at, ttl, status, heartbeats from model.work_lease");
        await views.EqualAsync("Disputes", "disputeOf", [],
            """
            select d.dispute_id, d.kind, d.phase, d.round, d.attempt, d.ruling, d.outcome, d.cause, d.challenger_id, d.respondent_id,
                   d.evidence_end, t.principal, t.is_deterministic::text, t.strikes, t.absent_slash, t.incoherent_slash, t.withdraw_cut,
                   t.pledge, t.bond, t.max_seat, t.commit_window, t.reveal_window, t.appeal_window, t.draw_window, d.appeal_end, d.subject_id,
                   case when d.kind = 2 then 0 else d.posted_by_challenger - t.bond end, d.posted_by_respondent - t.bond
              from model.dispute d join model.dispute_terms t using (dispute_id)
            """);
        await views.EqualAsync("Vault", "balanceOf", [], "select account, balance from model.account");
        await views.EqualAsync("AgentRegistry", "ownerOf", [], "select agent_id, owner from model.agent");
        await views.EqualAsync("AgentRegistry", "statusOf", [], "select agent_id, status from model.agent");
        await views.EqualAsync("AgentRegistry", "ownerSince", [], "select agent_id, owner_since from model.agent");
        await views.EqualAsync("AgentRegistry", "locksOf", [], "select agent_id, locks from model.agent");
        await views.EqualAsync("AgentRegistry", "getAgentWallet", [], "select agent_id, wallet from model.agent");
        await views.EqualAsync(
            "Reputation", "accumulatorOf", ["domain"], "select agent_id, domain, accumulator from model.reputation");
        await views.EqualAsync("Credit", "balanceOf", [], "select holder, balance from model.credit_holder");
        Assert.True(views.Compared > 10_000, $"expected more than 10,000 comparisons, found {views.Compared}");
        Assert.Equal(1, await database.CountAsync(
            """
            select count(*) from model.credit_holder h join model.contract c on c.location = h.holder and c.name = 'vault'
             where h.balance = (select sum(balance) from model.account)
            """));
    }

    /// <summary>
    /// Asks views for every row of a query: the row's first columns are the arguments, the rest what the view answers;
    /// null: not kept.
    /// </summary>
    private sealed class Views(WorldChain chain, IndexedDatabase database)
    {
        private readonly Contracts _contracts = Contracts.Load(chain.Deployment, WorldChain.Root);

        public int Compared { get; private set; }

        public async Task EqualAsync(string contract, string view, string[] further, string query)
        {
            var function = _contracts[contract].Function(view);
            var arguments = 1 + further.Length;
            List<object?[]> rows = [];
            await using (var command = database.Source.CreateCommand(query))
            await using (var reader = await command.ExecuteReaderAsync())
            {
                while (await reader.ReadAsync())
                    rows.Add([.. Enumerable.Range(
                        0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? null : Text(reader, i))]);
            }

            Assert.NotEmpty(rows);
            foreach (var batch in rows.Chunk(CallsPerBatch))
            {
                var answers = await Task.WhenAll(batch.Select(row => chain.Client.CallAsync(
                    new CallRequest(
                        _contracts[contract].Address, function.EncodeCall([.. row[..arguments].Select((value, i) =>
                        Argument(function.Inputs[i].Type, (string)value!))])), BlockTag.Latest, None)));
                for (var i = 0; i < batch.Length; i++) Equal(
                    $"{contract}.{view}({string.Join(", ", batch[i][..arguments])})",
                    function.DecodeResult(answers[i])[0], batch[i][arguments..]);
            }
        }

        private void Equal(string where, AbiValue answered, object?[] row)
        {
            IReadOnlyList<AbiValue> values = answered is AbiValue.Sequence tuple ? tuple.Items : [answered];
            for (var i = 0; i < row.Length; i++)
            {
                if (row[i] is not string kept) continue;
                Compared++;
                var found = values[i].ToString().ToLowerInvariant();
                Assert.True(kept == found,
                    $"{where}, field {i}: expected {found} as the contract says, found {kept} in the row");
            }
        }

        private static string Text(
            System.Data.Common.DbDataReader reader, int column) => reader.GetFieldType(column) == typeof(byte[])
            ? "0x" + Convert.ToHexStringLower(reader.GetFieldValue<byte[]>(column))
            : reader.GetDataTypeName(column) == "numeric"
                ? reader.GetFieldValue<System.Numerics.BigInteger>(column).ToString(CultureInfo.InvariantCulture)
                : Convert.ToString(reader.GetValue(column), CultureInfo.InvariantCulture)!;

        private static AbiValue Argument(AbiType type, string text) =>
            !text.StartsWith("0x", StringComparison.Ordinal) ? UInt256.Parse(text, CultureInfo.InvariantCulture)
            : text.Length == 42 ? Address.Parse(text, null)
            : Hash32.Parse(text, null);
    }
}
