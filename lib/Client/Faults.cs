// The faults, by type. Enters: the expected and the found. Leaves: exceptions. Always holds: a refusal means that
// nothing was taken; an unanswered command may have been taken, and the same signed command asks again.
namespace EventSourced.Client;

/// <summary>The server refused: state, chain, signature or limits.</summary>
public sealed class CommandRefusedException(Problem problem, Uri? location = null)
    : Exception($"{problem.Code}: expected {problem.Expected}, found {problem.Found}")
{
    /// <summary>The refusal.</summary>
    public Problem Problem { get; } = problem;

    /// <summary>The place of the command that has the key already.</summary>
    public Uri? Location { get; } = location;
}

/// <summary>No answer came within the bounds; whether the command was taken is not known.</summary>
public sealed class UnansweredException(string what, Exception? last)
    : Exception($"expected an answer to {what}, found {last?.Message ?? "none"}", last)
{
    /// <summary>The signed command. Relayed again it is the same command; null: nothing was handed in.</summary>
    public SignedCommand? Signed { get; init; }
}

/// <summary>The server answered something that must not be signed or believed.</summary>
public sealed class UntrustedAnswerException(string expected, string found)
    : Exception($"expected {expected}, found {found}");

/// <summary>The command was taken, and did not happen.</summary>
public sealed class CommandFailedException(CommandStatus status)
    : Exception($"{status.Command} {status.Status}: {status.Code} {status.Reason}".TrimEnd())
{
    /// <summary>How it ended.</summary>
    public CommandStatus Status { get; } = status;
}

/// <summary>The index refused a question.</summary>
public sealed class QueryRefusedException(string errors)
    : Exception($"expected an answer of the index, found {errors}");
