// A keeper: one declaration of a due condition and of the command that clears it. Enters: a query over current rows,
// and the arguments that its rows give. Leaves: statements, and calls. Always holds: it is level-triggered: due things
// follow from the rows and the time alone, never from earlier happenings; a row that a declaration names is one thing
// in one round with one deadline.
namespace EventSourced.Workers.Keeping;

/// <summary>A declaration.</summary>
/// <param name="Name">Its name. Stored in keys; never rename.</param>
/// <param name="Command">The command that clears it, as tasks.finalize.</param>
/// <param name="Contract">The contract of the command.</param>
/// <param name="Function">Its function, or the whole signature where there are several.</param>
/// <param name="What">The keeper's work, in words for people.</param>
public sealed record Keeper(string Name, string Command, string Contract, string Function, string What)
{
    /// <summary>The rows, as a from clause.</summary>
    public required string From { get; init; }

    /// <summary>
    /// The condition of due rows; @now is the chain's second, @block the number of the block to come.
    /// </summary>
    public required string When { get; init; }

    /// <summary>
    /// The second since which a row is due; a row with a later second is not due. This second is a part of the duty's
    /// name, so it must not move with the time.
    /// </summary>
    public required string Due { get; init; }

    /// <summary>The name of the thing.</summary>
    public required string Thing { get; init; }

    /// <summary>The part that distinguishes the rounds of the thing.</summary>
    public string Round { get; init; } = "1";

    /// <summary>The arguments of the command, as expressions that make JSON.</summary>
    public required string Arguments { get; init; }

    /// <summary>The refusals that mean that nothing is left to do in this round.</summary>
    public IReadOnlyList<string> Moot { get; init; } = [];

    /// <summary>Whether the contract pays the caller.</summary>
    public bool IsPaid { get; init; }

    /// <summary>The key of a command: thing, round, deadline and try.</summary>
    public string KeyOf(DueRow row, int attempt)
    {
        ArgumentNullException.ThrowIfNull(row);
        return string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $"keep/{Name}/{row.Thing}/{row.Round}/{row.DueSeconds}/{attempt}");
    }

    /// <summary>The rows that are due, as a subquery k; $1 is the second, $2 the block to come.</summary>
    internal string Rows =>
        $"""
        (select ({Thing})::text as thing, ({Round})::text as round, ({Due})::bigint as due,
                jsonb_build_array({Arguments})::text as arguments
           from {From}
          where ({Placed(When)}) and ({Due})::bigint <= $1::bigint and $2::bigint >= 0) k
        """;

    private static string Placed(string sql) => sql
        .Replace("@now", "$1::bigint", StringComparison.Ordinal)
        .Replace("@block", "$2::bigint", StringComparison.Ordinal);
}

/// <summary>A thing that is due.</summary>
/// <param name="Thing">Its id.</param>
/// <param name="Round">Its round.</param>
/// <param name="DueSeconds">The second since which it is due.</param>
/// <param name="Arguments">The arguments of the command, as a JSON array.</param>
public sealed record DueRow(string Thing, string Round, long DueSeconds, string Arguments);
