// Time travel: what is answered at a block is what was answered when the chain ended there. One database follows a
// chain with reorgs; another sees the chain that won, up to one block after the other; both are asked the same.
using System.Text;
using EventSourced.Api.Model;
using EventSourced.Ethereum.Rpc;
using EventSourced.GraphQL.Sql;
using EventSourced.Indexer;
using EventSourced.Indexer.Decode;
using EventSourced.Indexer.Tests.Pipeline;
using EventSourced.Testing;
using EventSourced.World;


namespace EventSourced.Api.Tests;

public class TimeTravelTests
{
    private const int Blocks = 200;
    private const string At = "block: $block";

    [Fact]
    public async Task At_200_random_blocks_of_a_world_with_reorgs_each_answer_is_that_of_an_index_made_so_far() =>
        await Seed.RunAsync(async random =>
        {
            await using var chain = await EconomyChain.TellAsync(7, keepsPast: true);
            await using var whole = await IndexedDatabase.CreateAsync();
            await FollowReorgsAsync(chain, whole, random);
            await using var api = await ServedApi.OverAsync(whole.ConnectionString);
            var newest = (long)await chain.Client.GetBlockNumberAsync(CancellationToken.None);
            // Nothing is indexed of a chain that does not have the directory yet.
            var deployment = Deployment.Load(chain.Deployment);
            var book = await Genesis.ReadAsync(
                deployment, chain.Client, IndexedDatabase.Options.Ingestion, CancellationToken.None);
            var first = (long)book.GenesisBlock;
            var blocks = Enumerable.Range(
                0, Blocks).Select(_ => random.NextInt64(first, newest)).Distinct().Order().ToList();

            await using var part = await IndexedDatabase.CreateAsync();
            var window = new ChainWindow(blocks[0]);
            using var rpc = new HttpRpc([chain.Endpoint], null, window);
            var indexer = new ChainIndexer(deployment, new EthereumClient(rpc), part.Source, IndexedDatabase.Options);
            using var stop = new CancellationTokenSource();
            var running = indexer.RunAsync(stop.Token);
            ServedApi? then = null;
            var corpus = Corpus().ToList();
            foreach (var block in blocks)
            {
                window.Last = block;
                await Eventually.TrueAsync(
                    () => indexer.Status.Tip?.Number == (ulong)block, () => indexer.Status, running);
                then ??= await ServedApi.OverAsync(part.ConnectionString);
                foreach (var query in corpus)
                {
                    var expected = await then.DataAsync(query, new { block = (object?)null });
                    var found = await api.DataAsync(query, new { block = new { number = block } });
                    Assert.True(
                        expected.GetRawText() == found.GetRawText(),
                        $"block {block}: expected\n{expected}\nfound\n{found}\nfor\n{query}");
                }
            }

            await then!.DisposeAsync();
            await stop.CancelAsync();
            await IndexedDatabase.EndAsync(running);
        });

    private static async Task FollowReorgsAsync(WorldChain chain, IndexedDatabase database, Random random)
    {
        var indexer = database.Indexer(chain);
        using var stop = new CancellationTokenSource();
        var running = indexer.RunAsync(stop.Token);
        await IndexedDatabase.UntilTipAsync(indexer, running, chain);
        for (var i = 0; i < 5; i++)
        {
            var depth = (ulong)random.Next(1, 30);
            if (i % 2 == 0) await chain.Anvil.ReorgAsync(depth, CancellationToken.None);
            else await chain.Anvil.RollbackAsync(Math.Min(depth, 12), CancellationToken.None);
            await chain.Anvil.MineAsync(2, CancellationToken.None);
            await IndexedDatabase.UntilTipAsync(indexer, running, chain);
        }

        Assert.True(indexer.Status.Reorgs > 0, "expected reorgs, found none");
        await stop.CancelAsync();
        await IndexedDatabase.EndAsync(running);
    }

    // Every read model with all columns, counts and figures, a few at once; then filters, orders and relations through
    // several of them.
    private static IEnumerable<string> Corpus()
    {
        const int together = 10;
        foreach (var tables in ReadApiModel.Create().Tables.Chunk(together))
        {
            var text = new StringBuilder("query($block: BlockInput) {\n");
            foreach (var table in tables)
            {
                var columns = string.Join(
                    ' ', table.Columns.Where(column => column.Field != "id").Select(column => column.Field));
                text.AppendLine($"{table.ManyField}(first: 60, {At}) {{ totalCount aggregates {{ count {Sums(table)} }} nodes {{ id {columns} }} }}");
            }

            yield return text.Append('}').ToString();
        }

        yield return $$"""
            query($block: BlockInput) {
              tasks({{At}}, first: 100, where: { bids: { some: { price: { gt: "0" } } } }, order: [{ maxPrice: DESC }, { createdAt: ASC }]) {
                totalCount
                nodes { id status agent { id owner reputations(first: 3) { nodes { id score } } } winningBid { price agent { id } } terms { specUri }
                        bids(first: 3, order: [{ price: ASC }]) { totalCount nodes { id status } edges { cursor } pageInfo { hasNextPage endCursor } }
                        dispute { phase rounds { nodes { id outcome } } seats(first: 5) { nodes { verifier { agent { id } } } } } }
              }
              agents({{At}}, first: 50, where: { tasks: { any: true }, or: [{ status: { eq: ACTIVE } }, { bids: { none: { status: { eq: WON } } } }] }, order: [{ ownerHolder: { balance: DESC } }]) {
                nodes { id tasks { totalCount aggregates { sum { price } } } workLeases(last: 2) { nodes { id status } } }
              }
            }
            """;
        yield return $$"""
            query($block: BlockInput) {
              grouped: tasks({{At}}) { aggregates { count groupBy(by: [{ field: status }], order: KEY_ASC) { key { status } count sum { maxPrice } avg { price } } } }
              accounts({{At}}, first: 100, order: [{ balance: DESC }]) { nodes { id balance outgoing(first: 2) { nodes { amount payee { id } } } incoming { totalCount } } }
              tasks({{At}}, first: 20, order: [{ taskId: DESC }]) { nodes { id causeName ruledKindNames story(first: 200) {
                position stage event eventId stream version block logIndex ordinal timestamp isDerived actor recipient amount data } } }
              transfers({{At}}, last: 20) { nodes { id amount reason payer { kind } } }
              disputes({{At}}, where: { not: { phase: { eq: EVIDENCE } } }) { totalCount nodes { id ruling evidence { nodes { text } } tasks { nodes { id } } } }
              workflows({{At}}) { nodes { id status stepList(order: [{ step: ASC }]) { nodes { status task { id status } } } } }
              proposals({{At}}) { nodes { id status text { description } votes { nodes { support weight } } callList { totalCount } } }
            }
            """;
    }

    private static string Sums(SqlTable table)
    {
        var summable = table.Columns.Where(column => column.IsSummable).Select(column => column.Field).ToList();
        return summable.Count == 0 ? "" : $"sum {{ {string.Join(' ', summable)} }}";
    }
}
