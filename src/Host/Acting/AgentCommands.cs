// es agent key|register|stake|bid|work: an agent's life from a terminal. Enters: flags. Leaves: commands that happened.
// Always holds: interrupted work resumes at the stage that the chain shows.
using System.CommandLine;
using EventSourced.Chain.Signing;
using EventSourced.Client;
using EventSourced.Ethereum;
using EventSourced.Host.Serving;
using Spectre.Console;
using static EventSourced.Client.Commands;
using Command = System.CommandLine.Command;

namespace EventSourced.Host.Acting;

/// <summary>The command `agent`.</summary>
internal static class AgentCommands
{
    private const int MostHeartbeats = 1_000;

    /// <summary>The command.</summary>
    public static Command Create() => new("agent", "Acts for an agent: registers it, stakes, bids and works.")
    {
        Key(), Register(), Bond(), Bid(), Work(),
    };

    private static Command Key()
    {
        var file = new Argument<string>("FILE") { Description = "Where the key file goes; one that is there is kept." };
        var password = new Option<string?>(
            "--password-file")
        { Description = "The file whose first line is the password." };
        var command = new Command("key", "Makes a key file, and prints the address.") { file, password };
        command.SetAction(async (parsed, cancellation) =>
        {
            try
            {
                using var key = SigningKey.Generate();
                var secret = await Actor.PasswordAsync(parsed.GetValue(password), cancellation).ConfigureAwait(false);
                var form = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
                if (!OperatingSystem.IsWindows()) form.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
                var writer = new StreamWriter(parsed.GetValue(file)!, form);
                await using (writer.ConfigureAwait(false))
                    await writer.WriteAsync(KeyFile.Encrypt(key, secret)).ConfigureAwait(false);
                Console.WriteLine(key.Address);
                return 0;
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or FormatException)
            {
                return await ServeCommand.RefuseAsync("agent key", [fault.Message]).ConfigureAwait(false);
            }
        });
        return command;
    }

    private static Command Register()
    {
        var uri = Inputs.Needed("--uri", "Where the registration file is.");
        return Actor.Make("register", "Registers an agent.", [uri], async (parsed, acted, cancellation) =>
        {
            await acted.DoAsync(new Agents.Register(parsed.GetValue(uri)!), cancellation).ConfigureAwait(false);
            var agents = await acted.Client.AgentsAsync(acted.Client.Address, cancellation).ConfigureAwait(false);
            var table = new Table().AddColumns("agent", "status", "registration file");
            foreach (var agent in agents)
                table.AddRow(new Text(agent.AgentId), new Text(agent.Status), new Text(agent.Uri));
            acted.Screen.Write(table);
        });
    }

    private static Command Bond()
    {
        var agent = Inputs.Needed("--agent", "The agent's number.");
        var amount = Inputs.Needed("--credits", "How much moves from the wallet in the vault to the stake, as 12.5.");
        var deposit = new Option<bool>("--deposit")
        {
            Description =
                "Deposits as much into the vault first; the vault must be allowed to take it (credit.approve).",
        };
        return Actor.Make(
            "stake", "Puts credits into an agent's stake.", [agent, amount, deposit],
            async (parsed, acted, cancellation) =>
            {
                var credits = parsed.Credits(amount);
                if (parsed.GetValue(deposit))
                    await acted.DoAsync(new Vault.Deposit(credits), cancellation).ConfigureAwait(false);
                await acted.DoAsync(new Stake.Bond(parsed.Number(agent), credits), cancellation).ConfigureAwait(false);
            });
    }

    private static Command Bid()
    {
        var task = Inputs.Needed("--task", "The task's number.");
        var agent = Inputs.Needed("--agent", "The agent's number.");
        var price = Inputs.Needed("--credits", "The price, as 12.5.");
        var seconds = Inputs.Usual("--seconds", "600", "In how many seconds the work would be done.");
        var proposal = Inputs.Usual("--proposal", "", "The text of the proposal; its hash goes on chain.");
        return Actor.Make(
            "bid", "Bids for a task.", [task, agent, price, seconds, proposal],
            async (parsed, acted, cancellation) =>
            {
                var block = await acted.Client.BlockAsync(cancellation).ConfigureAwait(false)
                    ?? throw new FormatException("expected an index with a block, found an empty one");
                var eta = (ulong)block.Timestamp.ToUnixTimeSeconds() + parsed.Count(seconds);
                await acted.DoAsync(
                    new Tasks.PlaceBid(
                        parsed.Number(task), parsed.Number(agent), parsed.Credits(price), eta,
                        Keccak256.Hash(parsed.GetValue(proposal)!)),
                    cancellation).ConfigureAwait(false);
            });
    }

    private static Command Work()
    {
        var task = Inputs.Needed("--task", "The task's number.");
        var result = Inputs.Needed("--result", "The file of the result; its hash goes on chain.");
        var uri = Inputs.Needed("--result-uri", "Where others find the result.");
        var receipt = new Option<string?>(
            "--receipt")
        { Description = "The receipt of es wasm run; its hash goes on chain." };
        var beats = Inputs.Usual("--heartbeats", "1", "How many heartbeats are given before the result.");
        return Actor.Make(
            "work", "Starts the work on a task, gives heartbeats, and submits the result.",
            [task, result, uri, receipt, beats],
            async (parsed, acted, cancellation) =>
            {
                var id = parsed.Number(task);
                var hash = await Inputs.HashAsync(parsed.GetValue(result)!, cancellation).ConfigureAwait(false);
                var proof = parsed.GetValue(receipt) is { } path
                    ? await Inputs.HashAsync(path, cancellation).ConfigureAwait(false)
                    : hash;
                var count = parsed.Count(beats);
                if (count > MostHeartbeats)
                    throw new FormatException($"--heartbeats: expected at most {MostHeartbeats}, found {count}");
                if ((await acted.Client.TaskAsync(id, cancellation).ConfigureAwait(false))?.Status != "RUNNING")
                    await acted.DoAsync(new Leases.Start(id), cancellation).ConfigureAwait(false);
                var running = await acted.UntilAsync(id, "RUNNING", cancellation).ConfigureAwait(false);
                var lease = UInt256.Parse(running.WorkLeases.Items[^1].LeaseId);
                for (ulong beat = 1; beat <= count; beat++)
                    await acted.DoAsync(
                        new Leases.Heartbeat(lease, Keccak256.Hash($"{beat} of {count}")), cancellation)
                        .ConfigureAwait(false);
                await acted.DoAsync(new Tasks.Submit(id, hash, proof, parsed.GetValue(uri)!), cancellation)
                    .ConfigureAwait(false);
            });
    }
}
