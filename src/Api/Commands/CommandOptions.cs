// The options of the commands: where the economy is, whom to let in, whom to trust. Enters: checked settings. Leaves:
// values.
using System.Net;
using EventSourced.Api.Commands.Checks;
using EventSourced.Api.Commands.Mcp;
using EventSourced.Api.Commands.Policies;
using EventSourced.Ethereum;
using EventSourced.Ethereum.Rpc;

namespace EventSourced.Api.Commands;

/// <summary>The options of the commands.</summary>
public sealed record CommandOptions(Economy Economy, HttpRpc Rpc)
{
    /// <summary>The only identities whose commands are taken; empty: everybody's.</summary>
    public IReadOnlyCollection<Address> Allowed { get; init; } = [];

    /// <summary>Networks whose addresses no bucket counts: the operator's own.</summary>
    public IReadOnlyCollection<IPNetwork> Trusted { get; init; } = [];

    /// <summary>Answers queries of GraphQL for the tool of MCP; null: this process has no role api.</summary>
    public GraphQuery? Query { get; init; }

    /// <summary>The operator's policies; null: none.</summary>
    public CommandPolicies? Policies { get; init; }

    /// <summary>Hears of faults that clients do not hear of.</summary>
    public Action<Exception> OnFault { get; init; } = static _ => { };
}
