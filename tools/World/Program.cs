// dotnet run --project tools/World: fills a chain. Without --rpc a fresh node of its own, kept open with --keep. With
// --live the economy goes on for ever, on a node that others use too: what it finds there it goes on from, and a fault
// of the node makes it wait and begin again.
using System.CommandLine;
using System.Diagnostics;
using EventSourced.World;
using Spectre.Console;

var seed = new Option<int>("--seed") { Description = "decides everything", DefaultValueFactory = _ => 1 };
var events = new Option<long>(
    "--events")
{ Description = "how many events at least; 0: every story once", DefaultValueFactory = _ => 0 };
var spread = new Option<bool>("--spread") { Description = "each act in a block of its own" };
var rpc = new Option<string?>("--rpc") { Description = "an anvil that runs already" };
var deployment = new Option<string?>("--deployment") { Description = "the deployment.json of that anvil" };
var live = new Option<bool>(
    "--live")
{ Description = "go on at a steady pace until Ctrl-C, on a node that mines by itself" };
var pace = new Option<double>(
    "--pace")
{ Description = "stories a second with --live", DefaultValueFactory = _ => 0.5 };
var speed = new Option<double>(
    "--speed")
{ Description = "seconds of the chain in a second with --live", DefaultValueFactory = _ => 1 };
var host = new Option<string?>("--host")
{
    Description = "with --live: a host whose command endpoints the workshop's people use; without it nobody works for real",
};
var hosted = new Option<string?>("--hosted") { Description = "the folder where the host finds its agents, with --host" };
var orders = new Option<double>(
    "--orders")
{ Description = "orders a second of the workshop", DefaultValueFactory = _ => 0.2 };
var keep = new Option<bool>("--keep") { Description = "leave the fresh node open until Ctrl-C" };
var root = new RootCommand("Fills a chain with a living economy, the same for the same seed.")
{
    seed, events, spread, rpc, deployment, live, pace, speed, host, hosted, orders, keep,
};
root.SetAction(async (parsed, cancellation) =>
{
    if (parsed.GetValue(rpc) is null != parsed.GetValue(deployment) is null)
        throw new ArgumentException("expected --rpc and --deployment together, found one of them");
    if (parsed.GetValue(pace) <= 0 || parsed.GetValue(speed) < 1)
        throw new ArgumentException("expected --pace above 0 and --speed of at least 1, found less");
    if (parsed.GetValue(host) is null != parsed.GetValue(hosted) is null)
        throw new ArgumentException("expected --host and --hosted together, found one of them");
    await using var chain = parsed.GetValue(rpc) is { } endpoint
        ? WorldChain.At(new Uri(endpoint), parsed.GetValue(deployment)!)
        : await WorldChain.FreshAsync(cancellation, shared: parsed.GetValue(live));
    if (parsed.GetValue(live))
    {
        var workshop = parsed.GetValue(host) is { } address
            ? new WorkshopOptions(new Uri(address.TrimEnd('/') + "/"), parsed.GetValue(hosted)!, parsed.GetValue(orders))
            : null;
        await LiveProgram.RunAsync(
            chain, parsed.GetValue(seed), parsed.GetValue(pace), parsed.GetValue(speed), workshop, text =>
                Console.WriteLine($"world: {text}"), cancellation);
        return;
    }

    var options = new WorldOptions(parsed.GetValue(seed), parsed.GetValue(events), parsed.GetValue(spread));
    var clock = Stopwatch.StartNew();
    using var world = await World.SettleAsync(
        chain, options, options.Events > 10_000 ? Population.Large : Population.Small, cancellation);
    var shown = AnsiConsole.Progress().Columns(
        new SpinnerColumn(), new TaskDescriptionColumn(), new ProgressBarColumn(), new RemainingTimeColumn());
    await shown.StartAsync(async progress =>
    {
        var bar = progress.AddTask("events", maxValue: Math.Max(1, options.Events));
        await world.LiveAsync(options.Events, () => Advance(bar, world), cancellation);
        bar.Value = bar.MaxValue;
    });
    await chain.Anvil.SetAutomineAsync(true, cancellation);
    Summary.Print(world, clock.Elapsed);
    Console.WriteLine($"endpoint {chain.Endpoint}, deployment {chain.Deployment}");
    if (parsed.GetValue(keep)) await Task.Delay(Timeout.Infinite, cancellation);
});
return await root.Parse(args).InvokeAsync();

static void Advance(ProgressTask bar, World world)
{
    bar.Value = Math.Min(world.Stage.Events, bar.MaxValue);
    bar.Description = $"{world.Stage.Events:N0} events, block {world.Stage.Block}";
}
