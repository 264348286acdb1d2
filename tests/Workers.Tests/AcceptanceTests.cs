// Acceptance: one command for one key of one asker, whoever hears of it and how often.
using EventSourced.Commands;
using EventSourced.Ethereum;
using EventSourced.Testing;
using EventSourced.Workers.Relaying;

namespace EventSourced.Workers.Tests;

[Collection(ShoreTests.Name)]
public sealed class AcceptanceTests(Shore shore)
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task The_same_key_and_body_answers_the_same_and_another_body_is_a_conflict()
    {
        await using var office = await Office.OpenAsync(shore);
        using var person = SigningKey.Generate();
        var first = office.Register(person, 0, "key");
        var id = await office.AcceptAsync(first);
        var same = Assert.IsType<Answer.Same>(
            await office.Acceptance.AcceptAsync(first with { Id = Guid.NewGuid() }, None));
        Assert.Equal((id, Phase.Simulated), (same.Command.Id, same.Command.Phase));
        var other = office.Register(person, 1, "key");
        var conflict = Assert.IsType<Answer.Conflict>(await office.Acceptance.AcceptAsync(other, None));
        Assert.Equal((id, first.BodyHash, other.BodyHash), (conflict.Id, conflict.Expected, conflict.Found));
        Assert.Equal(1, await office.CountAsync($"select count(*) from {CommandTables.Command}"));
        await office.AssertFoldsAsync();
    }

    [Fact]
    public async Task The_key_of_one_asker_is_not_that_of_another()
    {
        await using var office = await Office.OpenAsync(shore);
        using var one = SigningKey.Generate();
        using var two = SigningKey.Generate();
        Assert.NotEqual(await office.AcceptAsync(office.Register(one, 0, "key")),
            await office.AcceptAsync(office.Register(two, 0, "key")));
    }

    [Fact]
    public async Task Many_callers_with_one_key_in_two_processes_make_one_command()
    {
        await using var office = await Office.OpenAsync(shore);
        using var person = SigningKey.Generate();
        var other = new Acceptance(office.Source, office.Store);
        var submission = office.Register(person, 0, "key");
        var answers = await Task.WhenAll(Enumerable.Range(0, 60).Select(index =>
            (index % 2 == 0 ? office.Acceptance : other).AcceptAsync(submission with { Id = Guid.NewGuid() }, None)));
        var accepted = Assert.Single(answers.OfType<Answer.Accepted>());
        Assert.All(answers.OfType<Answer.Same>(), same => Assert.Equal(accepted.Id, same.Command.Id));
        Assert.Equal(59, answers.OfType<Answer.Same>().Count());
    }

    // A bug that was: two hosts read the free nonce in the same instant, and both accepted.
    [Fact]
    public async Task Of_requests_with_one_nonce_at_two_hosts_one_is_accepted_and_the_others_are_told_so()
    {
        await using var office = await Office.OpenAsync(shore);
        SigningKey[] people = [.. Enumerable.Range(0, 8).Select(_ => SigningKey.Generate())];
        var other = new Acceptance(office.Source, office.Store);
        foreach (var person in people)
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(index =>
                (index % 2 == 0 ? office.Acceptance : other).AcceptAsync(
                    office.Register(person, 5, $"key-{index}"), None)));
            Assert.Single(answers.OfType<Answer.Accepted>());
            Assert.Equal([5UL], answers.OfType<Answer.NonceTaken>().Select(taken => taken.Nonce).Distinct());
            Assert.Equal(11, answers.OfType<Answer.NonceTaken>().Count());
            // The next nonce is free, and a key that was refused is no command's.
            Assert.IsType<Answer.Accepted>(await other.AcceptAsync(office.Register(person, 6, "next"), None));
            person.Dispose();
        }

        Assert.Equal(
            2 * people.Length, await office.CountAsync($"select count(*) from {CommandTables.Command}"));
    }

    [Fact]
    public async Task A_nonce_is_free_again_when_its_command_was_reverted_and_not_when_a_block_holds_it()
    {
        await using var office = await Office.OpenAsync(shore);
        using var account = await shore.AccountAsync();
        using var person = SigningKey.Generate();
        office.Start(Keyring.Of(account));
        var reverted = await office.AcceptAsync(office.Register(person, 1, "too early"));
        await office.ReachesAsync(reverted, Phase.Included);
        var first = await office.AcceptAsync(office.Register(person, 0, "first"));
        await office.ReachesAsync(first, Phase.Included);
        Assert.Equal(new Answer.NonceTaken(0),
            await office.Acceptance.AcceptAsync(office.Register(person, 0, "again"), None));
        await office.AcceptAsync(office.Register(person, 1, "in time"));
        await office.DrainAsync();
        Assert.Equal(2UL, await shore.AgentsOfAsync(person.Address));
    }

    [Fact]
    public async Task A_full_queue_refuses_new_keys_and_still_knows_the_old_ones()
    {
        await using var office = await Office.OpenAsync(shore);
        using var person = SigningKey.Generate();
        var small = new Acceptance(
            office.Source, office.Store, new AcceptanceLimits { Waiting = 3, CountEvery = TimeSpan.Zero });
        for (ulong nonce = 0; nonce < 3; nonce++)
            Assert.IsType<Answer.Accepted>(
                await small.AcceptAsync(office.Register(person, nonce, $"key-{nonce}"), None));
        var full = Assert.IsType<Answer.Full>(await small.AcceptAsync(office.Register(person, 3, "key-3"), None));
        Assert.Equal(3, full.Limit);
        Assert.IsType<Answer.Same>(await small.AcceptAsync(office.Register(person, 1, "key-1"), None));
    }

    [Fact]
    public async Task Whoever_watches_a_command_hears_of_each_change_until_it_is_over()
    {
        await using var office = await Office.OpenAsync(shore);
        using var account = await shore.AccountAsync();
        using var person = SigningKey.Generate();
        using var stop = new CancellationTokenSource();
        var changes = new CommandChanges(office.Source);
        var running = changes.RunAsync(stop.Token);
        var id = await office.AcceptAsync(office.Register(person, 0, "key"));
        var seen = new List<Phase>();
        var watching = Task.Run(async () =>
        {
            await foreach (var status in changes.WatchAsync(id, stop.Token))
                lock (seen) seen.Add(status.Phase);
        });
        await Eventually.TrueAsync(() =>
        {
            lock (seen) return seen.Count == 1;
        });
        office.Start(Keyring.Of(account));
        await office.DrainAsync();
        await watching.WaitAsync(Eventually.Limit);
        Assert.Equal((Phase.Simulated, Phase.Finalized), (seen[0], seen[^1]));
        Assert.Equal(seen.Order(), seen);
        await stop.CancelAsync();
        await running;
    }

    [Fact]
    public async Task An_askers_commands_come_in_pages_the_newest_first()
    {
        await using var office = await Office.OpenAsync(shore);
        using var person = SigningKey.Generate();
        for (ulong nonce = 0; nonce < 5; nonce++) await office.AcceptAsync(
            office.Register(person, nonce, $"key-{nonce}"));
        var first = await office.Reads.OfAskerAsync(person.Address, 3, None);
        var rest = await office.Reads.OfAskerAsync(person.Address, 3, None, first[^1].Number);
        Assert.Equal((3, 2), (first.Count, rest.Count));
        Assert.Equal(first.Concat(rest).Select(one => one.Number).OrderDescending(),
            first.Concat(rest).Select(one => one.Number));
    }
}
