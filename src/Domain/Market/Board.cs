// The best eight bids of a round, as the market keeps them on the chain: one word each, `score (64) || ~price (128) ||
// ~bidId (64)`, the greater word the better bid, the best first. Enters: a board and a bid. Leaves: the next board.
// Always holds: strictly falling order, at most eight rows.
using EventSourced.Domain.Values;

namespace EventSourced.Domain.Market;

/// <summary>Reads and writes the board of a task.</summary>
public static class Board
{
    /// <summary>The most bids that stand.</summary>
    public const int Size = 8;

    /// <summary>A bid as a row.</summary>
    public static UInt256 Row(ulong score, UInt128 price, ulong bidId) =>
        new(new UInt128(score, (ulong)(~price >> 64)), new UInt128((ulong)~price, ~bidId));

    /// <summary>The bid of a row.</summary>
    public static ulong BidIdOf(UInt256 row) => ~(ulong)row.Low;

    /// <summary>The price of a row.</summary>
    public static UInt128 PriceOf(UInt256 row) => ~new UInt128((ulong)row.High, (ulong)(row.Low >> 64));

    /// <summary>Puts a bid in its place; a full board drops its worst bid.</summary>
    public static Sequence<UInt256> Insert(Sequence<UInt256> board, UInt256 row)
    {
        var rows = board.Items;
        var place = 0;
        while (place < rows.Length && rows[place] > row) place++;
        if (place == Size) return board;
        var next = new UInt256[Math.Min(Size, rows.Length + 1)];
        rows[..place].CopyTo(next);
        next[place] = row;
        rows[place..Math.Min(rows.Length, Size - 1)].CopyTo(next.AsSpan(place + 1));
        return new Sequence<UInt256>(next);
    }

    /// <summary>Takes a bid off the board; leaves the board as it is when the bid does not stand on it.</summary>
    public static Sequence<UInt256> Remove(Sequence<UInt256> board, ulong bidId)
    {
        var rows = board.Items;
        for (var place = 0; place < rows.Length; place++)
            if (BidIdOf(rows[place]) == bidId) return new Sequence<UInt256>([.. rows[..place], .. rows[(place + 1)..]]);
        return board;
    }

    /// <summary>The price of a bid that stands on the board, or null.</summary>
    public static UInt128? Find(Sequence<UInt256> board, ulong bidId)
    {
        foreach (var row in board.Items)
            if (BidIdOf(row) == bidId) return PriceOf(row);
        return null;
    }
}
