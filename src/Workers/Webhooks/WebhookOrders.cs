// From changes of commands to deliveries. Enters: the session that appends facts, and their commands. Leaves: one
// durable message for each address of the commands' askers, in the same transaction, sent on after the commit. Always
// holds: an asker without an address costs one look at an index.
using EventSourced.Commands;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Wolverine.Marten;

namespace EventSourced.Workers.Webhooks;

/// <summary>Orders deliveries.</summary>
public sealed class WebhookOrders(IServiceScopeFactory scopes)
{
    /// <summary>Puts deliveries into the outbox.</summary>
    /// <returns>The work to do after the commit; null: no deliveries were ordered.</returns>
    public async Task<Func<Task>?> OrderAsync(IDocumentSession session, IReadOnlyCollection<CommandRow> changed)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(changed);
        var connection = session.Connection
            ?? throw new InvalidOperationException(
                "expected a session within a transaction, found one without a connection");
        var webhooks = await Commands.Webhooks.OfAskersAsync(
            connection, changed.Select(row => row.State.Asker), CancellationToken.None).ConfigureAwait(false);
        if (webhooks.Count == 0) return null;
        var scope = scopes.CreateAsyncScope();
        var outbox = scope.ServiceProvider.GetRequiredService<IMartenOutbox>();
        var listeners = session.Listeners.Count;
        outbox.Enroll(session);
        // The session takes its own save for the commit and would send at once, while the caller's transaction is still
        // open: the call would tell the state before the change, and never the change.
        while (session.Listeners.Count > listeners) session.Listeners.RemoveAt(session.Listeners.Count - 1);
        foreach (var row in changed)
            foreach (var webhook in webhooks[row.State.Asker])
                await outbox.PublishAsync(new Delivery(webhook, row.Id, row.Version)).ConfigureAwait(false);
        return async () =>
        {
            await using (scope.ConfigureAwait(false))
                await ((Wolverine.Runtime.MessageContext)outbox).FlushOutgoingMessagesAsync().ConfigureAwait(false);
        };
    }
}
