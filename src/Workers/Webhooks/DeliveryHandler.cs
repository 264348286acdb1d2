// The handler of deliveries. Enters: a delivery from the durable inbox. Leaves: a signed call, or a fault that
// Wolverine tries again and keeps as a dead letter in the end. Always holds: a call tells the present row of the
// command, so a receiver orders calls by their version.
using EventSourced.Commands;

namespace EventSourced.Workers.Webhooks;

/// <summary>Handles a <see cref="Delivery"/>.</summary>
public static class DeliveryHandler
{
    /// <summary>Calls the address.</summary>
    public static async Task HandleAsync(
        Delivery delivery, WebhookCaller caller, CommandReads reads, Commands.Webhooks webhooks,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(delivery);
        ArgumentNullException.ThrowIfNull(caller);
        ArgumentNullException.ThrowIfNull(reads);
        ArgumentNullException.ThrowIfNull(webhooks);
        // The owner removed the address and wants no more calls.
        if (await webhooks.ByIdAsync(delivery.Webhook, cancellation).ConfigureAwait(false) is not { } webhook) return;
        if (await reads.ByIdAsync(delivery.Command, cancellation).ConfigureAwait(false) is not { } command) return;
        if (command.Version < delivery.Version)
            throw new InvalidOperationException(
                $"expected version {delivery.Version} of command {command.Id}, found {command.Version}");
        await caller.CallAsync(webhook, command, delivery.Version, cancellation).ConfigureAwait(false);
    }
}
