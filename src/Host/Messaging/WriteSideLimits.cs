// The limits of the write side: amounts, frequencies, durations. Every queue, batch and retry of Wolverine that this
// host runs is bounded by a name in this file.
namespace EventSourced.Host.Messaging;

/// <summary>The bounds of Marten and Wolverine in this host.</summary>
public static class WriteSideLimits
{
    /// <summary>Connections to the database.</summary>
    public const int Connections = 20;

    /// <summary>The number of messages of one queue that are handled at once.</summary>
    public const int Parallel = 4;

    /// <summary>The number of messages in a queue's memory above which further messages wait in the database.</summary>
    public const int Buffered = 1000;

    /// <summary>
    /// The number of messages in a queue's memory below which further messages come from the database again.
    /// </summary>
    public const int BufferedAgain = 500;

    /// <summary>The number of messages that one look at the database takes over.</summary>
    public const int Recovered = 100;

    /// <summary>
    /// The number of messages of one queue of the broker that a process may hold before it has written them down.
    /// </summary>
    public const ushort Prefetched = 100;

    /// <summary>The interval at which broker and process show each other that they live.</summary>
    public static readonly TimeSpan BrokerHeartbeat = TimeSpan.FromSeconds(5);

    /// <summary>The pause before a new attempt to reach a missing broker.</summary>
    public static readonly TimeSpan BrokerPause = TimeSpan.FromSeconds(1);

    /// <summary>The longest time that one message may take.</summary>
    public static readonly TimeSpan Execution = TimeSpan.FromSeconds(60);

    /// <summary>The pauses before the immediate retries of a failed message.</summary>
    public static readonly TimeSpan[] Retries =
        [TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(250), TimeSpan.FromSeconds(1)];

    /// <summary>The pauses after those, scheduled durably; a message that still fails is a dead letter.</summary>
    public static readonly TimeSpan[] LateRetries = [TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30)];

    /// <summary>The interval of the search for due messages.</summary>
    public static readonly TimeSpan SchedulePoll = TimeSpan.FromMilliseconds(250);

    /// <summary>The interval at which a node shows that it lives.</summary>
    public static readonly TimeSpan HealthCheck = TimeSpan.FromMilliseconds(750);

    /// <summary>The time without a sign of life after which a node counts as dead.</summary>
    public static readonly TimeSpan StaleNode = TimeSpan.FromSeconds(3);

    /// <summary>The number of looks in a row that must find a node dead.</summary>
    public const int StaleLooks = 1;

    /// <summary>The interval of the search for messages of nodes that are gone.</summary>
    public static readonly TimeSpan OrphanSweep = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The longest time from a node's death until another node takes its messages: one look to replace the dead node as
    /// leader, one look to find it dead, which releases its messages, and one poll that takes them.
    /// </summary>
    public static readonly TimeSpan Takeover = StaleNode + 2 * HealthCheck + SchedulePoll;

    /// <summary>The time that an outgoing message may wait before another node may send it.</summary>
    public static readonly TimeSpan StaleOutgoing = TimeSpan.FromMinutes(1);

    /// <summary>
    /// The time that an incoming message may stay with a living node before another node may take it: longer than all
    /// pauses and executions of its tries together.
    /// </summary>
    public static readonly TimeSpan StaleIncoming = TimeSpan.FromMinutes(10);

    /// <summary>The time that handled messages are kept, so that a repeated message is recognised.</summary>
    public static readonly TimeSpan KeepHandled = TimeSpan.FromMinutes(5);

    /// <summary>The time in which messages in work must end after the process is told to stop.</summary>
    public static readonly TimeSpan Drain = TimeSpan.FromSeconds(5);

    /// <summary>The interval at which the figures of the queues are read.</summary>
    public static readonly TimeSpan Figures = TimeSpan.FromSeconds(5);
}
