// PostgreSQL's wire protocol, as far as it takes to know where one message ends and the next begins. Enters: the bytes
// that a client sends, in pieces of any size. Leaves: for each message its kind and length. Always holds: a message is
// named once, before any byte of it is passed on.
using System.Buffers.Binary;

namespace EventSourced.Simulation.Tests;

/// <summary>What a client is about to do.</summary>
internal enum Moment
{
    /// <summary>It opens a connection.</summary>
    Connect,

    /// <summary>It sends a message of a statement.</summary>
    Statement,

    /// <summary>It sends rows of a COPY.</summary>
    Rows,

    /// <summary>It commits.</summary>
    Commit,
}

/// <summary>Finds the messages of one connection.</summary>
internal sealed class Frontend
{
    private const int RequestLength = 8;
    private const int HeaderLength = 5;
    private const int SslRequest = 80877103;
    private const int GssRequest = 80877104;
    private const byte Query = (byte)'Q';
    private const byte CopyData = (byte)'d';

    private static ReadOnlySpan<byte> Commit => "COMMIT"u8;

    private bool _started;

    /// <summary>The message at the beginning of these bytes; false where more of them are needed to say.</summary>
    internal bool TryName(ReadOnlySpan<byte> bytes, out Moment moment, out int length)
    {
        (moment, length) = (Moment.Statement, 0);
        if (!_started)
        {
            if (bytes.Length < RequestLength) return false;
            length = BinaryPrimitives.ReadInt32BigEndian(bytes);
            // Questions for encryption come before the start; a request to cancel comes instead of it, and nothing
            // follows.
            _started = BinaryPrimitives.ReadInt32BigEndian(bytes[4..]) is not (SslRequest or GssRequest);
            return true;
        }

        if (bytes.Length < HeaderLength) return false;
        length = 1 + BinaryPrimitives.ReadInt32BigEndian(bytes[1..]);
        if (bytes[0] == CopyData) moment = Moment.Rows;
        if (bytes[0] != Query) return true;
        if (bytes.Length < Math.Min(length, HeaderLength + Commit.Length)) return false;
        if (bytes[HeaderLength..].StartsWith(Commit)) moment = Moment.Commit;
        return true;
    }
}
