// RabbitMQ between worker processes, by one setting. Enters: the broker's address. Leaves: the same messages under the
// same names, each in a queue of the broker instead of a queue of one process. Always holds: inbox and outbox stay in
// PostgreSQL; a message is a row before it is sent and until the broker has confirmed it, and again before it is
// acknowledged; a message that failed for good stays in the table that `es dead` reads.
using EventSourced.Workers.Keeping;
using EventSourced.Workers.Pulses;
using EventSourced.Workers.Webhooks;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;
using Wolverine;
using Wolverine.RabbitMQ;
using Wolverine.Transports;

namespace EventSourced.Host.Messaging;

/// <summary>Routes messages through RabbitMQ.</summary>
public static class Broker
{
    /// <summary>
    /// The prefix of the queues' names; a virtual host keeps two deployments apart. Stored; never rename.
    /// </summary>
    public const string Prefix = WriteSide.ServiceName + ".";

    /// <summary>The name of the broker's queue that replaces a queue of a process.</summary>
    public static string QueueOf(string queue) => Prefix + queue;

    /// <summary>The address by which Wolverine knows a queue of the broker.</summary>
    public static Uri AddressOf(string queue) => new($"rabbitmq://queue/{QueueOf(queue)}");

    /// <summary>Routes every message through the broker, and listens to every queue.</summary>
    internal static void Use(WolverineOptions options, Uri address)
    {
        options.UseRabbitMq(factory =>
            {
                factory.Uri = address;
                factory.RequestedHeartbeat = WriteSideLimits.BrokerHeartbeat;
                factory.NetworkRecoveryInterval = WriteSideLimits.BrokerPause;
            })
            .ConfigureChannelCreation(channel =>
            {
                // A row leaves the outbox when the broker has confirmed the message, not when the message was written
                // to a socket.
                channel.PublisherConfirmationsEnabled = true;
                channel.PublisherConfirmationTrackingEnabled = true;
            })
            .DisableDeadLetterQueueing()
            .AutoProvision();
        options.PublishMessage<Beat>().ToRabbitQueue(QueueOf(WriteSide.Pulses)).UseDurableOutbox();
        options.PublishMessage<Delivery>().ToRabbitQueue(QueueOf(WriteSide.Deliveries)).UseDurableOutbox();
        options.PublishMessage<Duty>().ToRabbitQueue(QueueOf(WriteSide.Duties)).UseDurableOutbox();
        foreach (var queue in new[] { WriteSide.Pulses, WriteSide.Deliveries, WriteSide.Duties })
            options.ListenToRabbitQueue(QueueOf(queue))
                .PreFetchCount(WriteSideLimits.Prefetched)
                .UseDurableInbox(new BufferingLimits(WriteSideLimits.Buffered, WriteSideLimits.BufferedAgain))
                .MaximumParallelMessages(WriteSideLimits.Parallel);
    }

    /// <summary>Tries one connection.</summary>
    /// <returns>
    /// The reason why no connection is possible; null: it is. The text never holds the address, which may carry a
    /// password.
    /// </returns>
    internal static async Task<string?> ReachAsync(Uri address, CancellationToken cancellation)
    {
        try
        {
            var connection = await new ConnectionFactory { Uri = address, AutomaticRecoveryEnabled = false }
                .CreateConnectionAsync(cancellation).ConfigureAwait(false);
            await using var closing = connection.ConfigureAwait(false);
            return null;
        }
        catch (BrokerUnreachableException away)
        {
            return $"expected RabbitMQ at {address.Host}:{address.Port}, found: {away.InnerException?.GetType().Name}";
        }
    }
}
