// es log post|sign: an epoch's roots on the chain, from a terminal. Enters: a node, an agent's key. Leaves: commands
// that happened. Always holds: this process computes the posted roots from the chain; it signs a candidate only if the
// roots of the candidate equal its own.
using System.CommandLine;
using EventSourced.Client;
using EventSourced.Ethereum;
using EventSourced.Ethereum.Rpc;
using EventSourced.Host.Acting;
using EventSourced.Indexer.Audit;
using EventSourced.Indexer.Decode;
using static EventSourced.Client.Commands;
using Command = System.CommandLine.Command;

namespace EventSourced.Host.Attesting;

/// <summary>The commands `log post` and `log sign`.</summary>
internal static class EpochCommands
{
    private static Option<string> Rpc() => Inputs.Needed("--rpc", "A node's http(s) address: your own.");

    private static Option<string> Directory() => Inputs.Needed(
        "--directory", "The address of the economy's Directory contract.");

    private static Option<string> First() => Inputs.Usual("--first-block", "0", "The block of the first contract.");

    /// <summary>Posts the roots of an epoch as a candidate.</summary>
    public static Command Post()
    {
        var (rpc, directory, first) = (Rpc(), Directory(), First());
        var epoch = Inputs.Needed("--epoch", "The epoch.");
        var poster = Inputs.Needed("--poster", "The agent whose bond answers for the roots.");
        var from = Inputs.Needed("--from-block", "The epoch's first block.");
        var to = Inputs.Needed("--to-block", "The epoch's last block.");
        return Actor.Make(
            "post", "Makes the roots of log and states from the chain, and posts them as a candidate for an epoch.",
            [rpc, directory, first, epoch, poster, from, to],
            async (parsed, acted, cancellation) =>
            {
                using var node = new HttpRpc([new Uri(parsed.GetValue(rpc)!)], new RpcOptions());
                var question = await QuestionAsync(
                    node, parsed.GetValue(directory)!, parsed.Count(first), cancellation).ConfigureAwait(false);
                var roots = await EpochFold.OfAsync(question, parsed.Count(to), cancellation).ConfigureAwait(false);
                acted.Screen.Write(Acted.Rows(
                    ("log root", $"{roots.LogRoot}"), ("state root", $"{roots.StateRoot}"),
                    ("events", $"{roots.EventCount}")));
                await acted.DoAsync(
                    new Checkpoints.Post(
                        parsed.Count(epoch), parsed.Number(poster),
                        new Checkpoints.PostRoots(
                            Hash32.Parse($"{roots.LogRoot}", null), Hash32.Parse($"{roots.StateRoot}", null),
                            parsed.Count(from), roots.ToBlock, roots.EventCount)),
                    cancellation).ConfigureAwait(false);
            });
    }

    /// <summary>Signs a candidate whose roots equal those that this process computes from the chain.</summary>
    public static Command Sign()
    {
        var (rpc, directory, first) = (Rpc(), Directory(), First());
        var candidate = Inputs.Needed("--candidate", "The candidate's number.");
        var verifier = Inputs.Needed("--verifier", "The verifier that was drawn.");
        return Actor.Make(
            "sign", "Makes the roots of a candidate from the chain, and signs it where they are equal.",
            [rpc, directory, first, candidate, verifier],
            async (parsed, acted, cancellation) =>
            {
                using var node = new HttpRpc([new Uri(parsed.GetValue(rpc)!)], new RpcOptions());
                var question = await QuestionAsync(
                    node, parsed.GetValue(directory)!, parsed.Count(first), cancellation).ConfigureAwait(false);
                var newest = await question.Node!.GetBlockNumberAsync(cancellation).ConfigureAwait(false);
                if (await EpochFold.CompareAsync(question, parsed.Count(candidate), newest, cancellation)
                    .ConfigureAwait(false) is { } difference)
                    throw new FormatException($"nothing was signed: {difference}");
                await acted.DoAsync(
                    new Checkpoints.Sign(parsed.Number(candidate), parsed.Number(verifier)), cancellation)
                    .ConfigureAwait(false);
            });
    }

    private static async Task<AuditQuestion> QuestionAsync(
        HttpRpc rpc, string directory, ulong first, CancellationToken cancellation)
    {
        var node = new EthereumClient(rpc);
        return new AuditQuestion
        {
            Node = node,
            Deployment = Deployment.Of(
                await node.GetChainIdAsync(cancellation).ConfigureAwait(false), first, Address.Parse(directory, null)),
        };
    }
}
