// The refusals of the store: each says what was expected, what was found, and where.
using Npgsql;

namespace EventSourced.EventStore;

/// <summary>Another writer was faster, or the stream is not what the caller believed.</summary>
public sealed class ConcurrencyException(string stream, ExpectedVersion expected, long found, Exception? cause = null)
    : Exception($"stream {stream}: expected {expected}, found {ExpectedVersion.Of(found)}", cause)
{
    /// <summary>The stream's key.</summary>
    public string Stream { get; } = stream;

    /// <summary>What the caller believed.</summary>
    public ExpectedVersion Expected { get; } = expected;

    /// <summary>The version that the stream has.</summary>
    public long Found { get; } = found;
}

/// <summary>An append to a stream that was archived.</summary>
public sealed class ArchivedStreamException(string stream)
    : Exception($"stream {stream}: expected a stream that takes events, found an archived one")
{
    /// <summary>The stream's key.</summary>
    public string Stream { get; } = stream;
}

/// <summary>An event type that the options do not name.</summary>
public sealed class UnknownEventTypeException : Exception
{
    internal UnknownEventTypeException(Type type)
        : base($"expected an event type that AddEventType names, found {type.FullName}")
    {
    }

    internal UnknownEventTypeException(string alias, string stream, long version)
        : base($"stream {stream}, version {version}: expected a registered event alias, found '{alias}'")
    {
    }
}

/// <summary>A value that PostgreSQL's text and jsonb cannot hold unchanged.</summary>
public sealed class UnstorableTextException(string found, int index)
    : Exception($"expected text that PostgreSQL can hold, found {found} at index {index}")
{
    /// <summary>Where in the text it stands.</summary>
    public int Index { get; } = index;
}

/// <summary>The database was written by a newer program.</summary>
public sealed class DatabaseIsNewerException(string schema, int expected, int found)
    : Exception($"schema {schema}: expected migration {expected} or older, found {found}; run the program that made it")
{
    /// <summary>The newest migration that this program knows.</summary>
    public int Expected { get; } = expected;

    /// <summary>The newest migration that the database has.</summary>
    public int Found { get; } = found;
}

/// <summary>Another process moved a subscription's position.</summary>
public sealed class ProgressionOutOfOrderException(string name, long expected)
    : Exception($"subscription {name}: expected position {expected}, found that another process moved it");

/// <summary>Turns PostgreSQL's words into the store's.</summary>
internal static class Refusals
{
    internal const string VersionState = "MT003";
    internal const string ArchivedState = "MT001";

    /// <summary>The store's own refusal that a database error stands for, or null.</summary>
    internal static Exception? From(PostgresException error) => error switch
    {
        { SqlState: VersionState, Hint: { } facts } when facts.Split(' ', 3) is [var expected, var found, var stream] =>
            new ConcurrencyException(stream, Expected(Number(expected)), Number(found), error),
        { SqlState: ArchivedState, Hint: { } stream } => new ArchivedStreamException(stream),
        { SqlState: PostgresErrorCodes.UntranslatableCharacter or PostgresErrorCodes.CharacterNotInRepertoire } =>
            new UnstorableTextException(error.MessageText, 0),
        _ => null,
    };

    private static ExpectedVersion Expected(long value) => value < 0 ? ExpectedVersion.Any : ExpectedVersion.Of(value);

    private static long Number(string text) => long.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
