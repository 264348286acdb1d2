// Votes and deliveries as the contracts compute them.
using EventSourced.Ethereum;
using EventSourced.Ethereum.Abi;
using EventSourced.Workers.Documents;
using EventSourced.Workers.Hosted;
using EventSourced.Workers.Verifying;

namespace EventSourced.Economy.Tests;

[Collection(TownTests.Name)]
public sealed class BallotTests(Town town)
{
    private static readonly PanelSeat Seat = new(3, 1, 2, 9);

    [Fact]
    public async Task A_commitment_is_the_courts_and_the_key_alone_reads_it_back()
    {
        var ballot = new Ballot(town.Shore.Contracts.ChainId, town.Shore.Contracts["Disputes"].Address);
        var salt = ballot.Salt(town.Liar.Key, Seat);
        for (byte choice = 1; choice <= 3; choice++)
        {
            var commitment = ballot.Commitment(Seat, choice, salt);
            var courts = (await town.AskAsync(
                "Disputes", "voteCommitmentOf", 3UL, 1UL, 2UL, 9UL, (ulong)choice, salt))[0];
            Assert.Equal(((AbiValue)commitment).ToString(), courts.ToString());
            Assert.Equal(choice, ballot.Opened(Seat, salt, commitment));
        }

        Assert.Equal(salt, ballot.Salt(town.Liar.Key, Seat));
        Assert.NotEqual(salt, ballot.Salt(town.Worker.Key, Seat));
        Assert.NotEqual(salt, ballot.Salt(town.Liar.Key, Seat with { Attempt = 3 }));
        Assert.Null(ballot.Opened(Seat, salt, Hash32.Zero));
    }

    [Fact]
    public void A_receipt_text_ends_for_us_as_it_does_for_the_court()
    {
        var hash = new string('a', 64);
        Assert.Equal(ContentIds.FromDigits(hash), Read($"{{\"x\":\"{Ending(hash, "0")}"));
        Assert.Equal(ContentIds.FromDigits(hash), Read($"{{\"x\":\"{Ending(hash, new string('9', 20))}"));
        Assert.Null(Read($"{{\"x\":\"{Ending(hash, new string('9', 21))}"));
        Assert.Null(Read($"{{\"x\":\"{Ending(hash, "")}"));
        Assert.Null(Read($"{{\"x\":\"{Ending(new string('A', 64), "0")}"));
        Assert.Null(Read($"{{\"x\":\"{Ending(hash, "0")}\n"));
        Assert.Null(Read(Ending(hash, "0")[3..]));
    }

    private static Hash32? Read(string text) => ReceiptEnding.OutputHash(System.Text.Encoding.ASCII.GetBytes(text));

    private static string Ending(string hash, string seed) =>
        $"\",\"outputHash\":\"{hash}\",\"randomSeed\":\"{seed}\",\"schema\":\"eventsourced-execution-receipt/1\"}}";
}
