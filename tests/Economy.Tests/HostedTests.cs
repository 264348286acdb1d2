// Hosted agents from end to end, by hosts as processes on a real chain: work is done, checked, paid; lies are caught
// and judged; what cannot be done is given back.
using EventSourced.Domain.Market;
using EventSourced.Domain.Values;
using EventSourced.Ethereum;
using EventSourced.Sandbox.Engines;
using EventSourced.Sandbox.Receipts;
using EventSourced.Testing;
using EventSourced.Workers.Documents;
using EventSourced.Workers.Verifying;
using EventSourced.World;
using Delivery = EventSourced.Workers.Documents.Delivery;
using UInt256 = EventSourced.Ethereum.UInt256;

namespace EventSourced.Economy.Tests;

[Collection(TownTests.Name)]
public sealed class HostedTests(Town town)
{
    private const ulong Hour = 3_600;
    private const string IsHidden = "commitment <> decode(repeat('00', 32), 'hex')";
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task An_article_is_summarized_checked_and_paid_without_a_human()
    {
        var article = Town.Repository("agents/samples/article.txt");
        var module = Town.Repository("agents/summarizer/summarizer.wasm");
        var spec = await town.SpecAsync(module, article, "2");
        var before = await town.CreditAsync(town.Worker.Key.Address);
        var task = await town.PostAsync(town.Worker, spec);

        var found = await town.SeesAsync(task, one => one.Task.Status == Tasks.Status.Verifying);
        Assert.Equal("right", await town.EndOfAsync($"check-{task}-"));
        var delivery = (await town.Rows.DeliveryAsync(task, None))!;
        var output = (await town.FindAsync(Hash(delivery.ResultHash), None))!.Value;
        var expected = new Execution { Module = module, Input = article, Arguments = ["2"], Limits = Work.Usual };
        using var engine = new SandboxEngine();
        Assert.Equal(expected.Run(engine).Output.ToArray(), output.ToArray());
        await MustBeSignedAsync(task, delivery);

        await town.PassAsync(Town.ReviewWindow + 1);
        found = await town.SeesAsync(task, one => one.Task.Status == Tasks.Status.Finalized);
        // 80 % of the highest price, less the fee of 1 %.
        var price = Cast.Credits(80);
        Assert.Equal(price, (UInt128)found.Task.Price);
        Assert.InRange(
            await town.CreditAsync(town.Worker.Key.Address) - before, Cast.Credits(79) + Cast.Credits(1) / 5UL,
            Cast.Credits(1_000_000));
        Assert.Equal(1, await town.CountAsync(
            $"select count(*) from model.account where kind = 2 and id = {task} and balance = 0"));
        Assert.Equal(1, await town.CountAsync(
            $"select count(*) from model.work_lease where task_id = {task} and status = 1"));
    }

    [Fact]
    public async Task A_lie_is_challenged_and_the_panel_that_does_the_work_again_upholds_it()
    {
        var spec = await town.SpecAsync(
            Town.Repository("agents/echo/echo.wasm"), "the truth"u8.ToArray());
        // A whole receipt of another input's work, as somebody who did not do the work would have it.
        using var engine = new SandboxEngine();
        var other = new Execution
        {
            Module = Town.Repository("agents/echo/echo.wasm"),
            Input = "a lie"u8.ToArray(),
            Limits = Work.Usual,
        }.Run(engine);
        var receipt = await town.KeepAsync(other.Receipt.HashedText());
        var task = await LieAsync(spec, await town.KeepAsync(other.Output), receipt);
        var paid = await town.CreditAsync(town.Client.Address);

        var found = await town.SeesAsync(task, one => one.Task.Status == Tasks.Status.Disputed);
        Assert.Equal(1, found.Task.DisputeKind);
        var dispute = found.Task.DisputeId;
        await town.PassAsync(4 * Hour + 1);
        await town.BecomesAsync(
            $"select count(*) > 0 and bool_and({IsHidden}) from model.seat where dispute_id = {dispute}", blocks: 20);
        await town.PassAsync(4 * Hour + 1);
        await town.BecomesAsync(
            $"select count(*) > 0 and bool_and(choice = 2) from model.seat where dispute_id = {dispute}", blocks: 0);
        await town.BecomesAsync($"select phase = 4 from model.dispute where dispute_id = {dispute}", blocks: 0);
        await town.PassAsync(8 * Hour + 1);
        found = await town.SeesAsync(task, one => one.Task.Status == Tasks.Status.Cancelled);
        // The client's other tasks may give back too while half a day passes.
        var has = await town.CreditAsync(town.Client.Address);
        Assert.True(has >= paid + Cast.Credits(100), $"expected at least 100 more than {paid}, found {has}");
        Assert.Equal(1, await town.CountAsync(
            $"select count(*) from model.dispute where dispute_id = {dispute} and ruling = 2 and cause = 1"));
        // Everybody who voted says by hash why, and all found the same.
        Assert.Equal(1, await town.CountAsync(
            $"select count(distinct justification_hash) from model.seat where dispute_id = {dispute}"));
    }

    [Fact]
    public async Task A_receipt_that_contradicts_its_result_is_proven_on_the_chain_at_once()
    {
        var spec = await town.SpecAsync(Town.Repository("agents/echo/echo.wasm"), "a text"u8.ToArray());
        using var engine = new SandboxEngine();
        var honest = new Execution
        {
            Module = Town.Repository("agents/echo/echo.wasm"),
            Input = "a text"u8.ToArray(),
            Limits = Work.Usual,
        }.Run(engine);
        var task = await LieAsync(
            spec, await town.KeepAsync("another text"u8.ToArray()), await town.KeepAsync(honest.Receipt.HashedText()));
        await town.SeesAsync(task, one => one.Task.Status == Tasks.Status.Cancelled);
        Assert.Equal(1, await town.CountAsync(
            $"select count(*) from model.dispute where subject_id = {task} and kind = 2 and ruling = 2 and cause = 4"));
    }

    [Fact]
    public async Task Work_that_ends_in_a_trap_is_given_back_and_the_chain_says_why()
    {
        // Fuel for less than a page of the article.
        var work = new Work(await town.KeepAsync(Town.Repository("agents/samples/article.txt")))
        {
            Module = await town.KeepAsync(Town.Repository("agents/summarizer/summarizer.wasm")),
            Limits = Work.Usual with { Fuel = 1_000 },
        };
        var task = await town.PostAsync(
            town.Worker, await town.KeepAsync(new TaskSpecification(null, "test", work).ToJson()));
        var found = await town.SeesAsync(task, one => one.Task.Status == Tasks.Status.Vacant);
        Assert.Equal(1, found.Task.Cause);
        var note = await ProgressAsync(task);
        Assert.Contains("\"step\":\"yielding\"", note, StringComparison.Ordinal);
        Assert.Contains("expected the module to exit with 0, found trapped", note, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_specification_that_nobody_can_read_is_not_bid_for_and_is_given_back_by_whoever_has_it()
    {
        var spec = await town.KeepAsync("{\"schema\":\"eventsourced-task/1\",\"work\":{\"inputs\":[]}}"u8.ToArray());
        var task = await town.PostAsync(town.Worker, spec);
        Assert.Contains("expected module, input", await town.EndOfAsync($"bid-{task}-"), StringComparison.Ordinal);
        await town.SendAsync(
            town.Worker.Key.Address, "TaskMarket", "placeBid", task, town.Worker.AgentId, Cast.Credits(90), 1UL,
            Hash32.Zero);
        var found = await town.SeesAsync(task, one => one.Task.Status == Tasks.Status.Vacant);
        Assert.Equal(1, found.Task.Cause);
        Assert.Contains("cannot be read", await town.EndOfAsync($"execute-{task}-"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_on_the_web_does_what_a_specification_leaves_open_and_nobody_judges_it()
    {
        town.Web.Answer = WebService.EchoAsync;
        var task = await town.PostAsync(town.Caller, await town.SpecAsync(null, "say it again"u8.ToArray()));
        await town.SeesAsync(task, one => one.Task.Status == Tasks.Status.Verifying);
        var delivery = (await town.Rows.DeliveryAsync(task, None))!;
        var output = (await town.FindAsync(Hash(delivery.ResultHash), None))!.Value;
        Assert.Equal("say it again"u8.ToArray(), output.ToArray());
        Assert.True(CallReceipt.IsOne((await town.FindAsync(Hash(delivery.ReceiptHash), None))!.Value));
        Assert.Contains("not judged", await town.EndOfAsync($"check-{task}-"), StringComparison.Ordinal);
    }

    private static Hash32 Hash(Word word) => new(word.ToArray());

    private async Task<ulong> LieAsync(Hash32 spec, Hash32 result, Hash32 receipt)
    {
        var liar = town.Liar.Key.Address;
        var task = await town.PostAsync(town.Liar, spec);
        await town.SendAsync(
            liar, "TaskMarket", "placeBid", task, town.Liar.AgentId, Cast.Credits(100), 1UL, Hash32.Zero);
        await town.SendAsync(liar, "WorkLeases", "start", task);
        await town.SendAsync(liar, "TaskMarket", "submit", task, result, receipt, "ipfs://nothing");
        return task;
    }

    private async Task<string> ProgressAsync(ulong task)
    {
        await using var command = town.Source.CreateCommand(
            $"select progress_hash from model.work_lease where task_id = {task}");
        var hash = new Hash32((byte[])(await command.ExecuteScalarAsync())!);
        return System.Text.Encoding.UTF8.GetString((await town.FindAsync(hash, None))!.Value.Span);
    }

    private async Task MustBeSignedAsync(ulong task, Submissions.State delivery)
    {
        Assert.StartsWith(ContentIds.Scheme, delivery.ResultUri, StringComparison.Ordinal);
        var paper = await town.FindAsync(
            ContentIds.HashOf(delivery.ResultUri[ContentIds.Scheme.Length..], "resultURI"), None);
        using var json = System.Text.Json.JsonDocument.Parse(paper!.Value);
        var clerk = (await town.AskAsync("Disputes", "clerk"))[0].AsAddress();
        var digest = new Delivery(task, town.Worker.AgentId, Hash(delivery.ResultHash), Hash(delivery.ReceiptHash))
            .Digest(town.Shore.Contracts.ChainId, clerk);
        Assert.True(Signature.TryParse(
            Convert.FromHexString(json.RootElement.GetProperty("signature").GetString().AsSpan(2)),
            out var signature, out _));
        Assert.True(signature.TryRecover(digest, out var signer, out _));
        Assert.Equal(town.Worker.Key.Address, signer);
    }
}
