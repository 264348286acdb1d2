// Which contract an address is at a block, by the registrations alone; and which deployment.json is taken.
using EventSourced.Domain.Events;
using EventSourced.Domain.Governance;
using EventSourced.Domain.Values;
using EventSourced.Ethereum;
using EventSourced.Indexer.Decode;
using Address = EventSourced.Ethereum.Address;

namespace EventSourced.Indexer.Tests.Pipeline;

public sealed class ContractBookTests
{
    private const ulong FirstBlock = 10;
    private const ulong GenesisBlock = 12;

    private static readonly Address Directory = Number(1);
    private static readonly Address Vault = Number(2);
    private static readonly Address Other = Number(3);

    [Fact]
    public void A_registration_of_the_deployment_holds_from_the_first_block_on() => Made(book =>
    {
        Assert.Equal(ContractName.Vault, book.Find(Vault, FirstBlock));
        Assert.Null(book.Find(Vault, FirstBlock - 1));
        Assert.Null(book.Find(Other, 100));
        Assert.Equal([Directory, Vault], book.Known.Addresses.Order());
    });

    [Fact]
    public void A_later_one_holds_from_its_block_on_and_the_old_address_stays() => Made(book =>
    {
        Assert.True(book.Learn(new Registration(20, ContractName.Vault, Other)));
        Assert.False(
            book.Learn(new Registration(20, ContractName.Vault, Other)), "expected a registration to be learned once");
        Assert.Null(book.Find(Other, 19));
        Assert.Equal(ContractName.Vault, book.Find(Other, 20));
        Assert.Equal(ContractName.Vault, book.Find(Vault, 30));
        Assert.Equal([Directory, Vault, Other], book.Known.Addresses.Order());
        Assert.Equal([Vault, Other], book.Of(ContractName.Vault).Select(one => one.Location));
    });

    [Fact]
    public void An_address_that_gets_another_name_ends_its_range_and_is_no_new_address() => Made(book =>
    {
        Assert.False(book.Learn(new Registration(20, ContractName.Faucet, Vault)));
        Assert.Equal(ContractName.Vault, book.Find(Vault, 19));
        Assert.Equal(ContractName.Faucet, book.Find(Vault, 20));
        Assert.False(book.Learn(new Registration(25, ContractName.Vault, Vault)));
        Assert.Equal(ContractName.Faucet, book.Find(Vault, 24));
        Assert.Equal(ContractName.Vault, book.Find(Vault, 25));
    });

    [Fact]
    public void What_is_forgotten_is_as_if_it_had_never_been_said() => Made(book =>
    {
        book.Learn(new Registration(20, ContractName.Vault, Other));
        book.Forget(21);
        Assert.Equal(ContractName.Vault, book.Find(Other, 20));
        book.Forget(20);
        Assert.Null(book.Find(Other, 20));
        Assert.Equal([Directory, Vault], book.Known.Addresses.Order());
        book.Forget(0);
        Assert.Equal(ContractName.Vault, book.Find(Vault, 30));
        Assert.True(book.Learn(new Registration(20, ContractName.Vault, Other)));
    });

    [Fact]
    public void A_directory_that_does_not_register_itself_is_refused()
    {
        using var file = File();
        var refusal = Assert.Throws<FormatException>(
            () => new ContractBook(Deployment.Load(file.Path), GenesisBlock, [Registered("vault", Vault)]));
        Assert.Contains("to register itself", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_revision_of_the_catalog_is_taken_and_an_unknown_hash_is_refused_with_those_that_are_known()
    {
        foreach (var (_, hash) in EventCatalog.Revisions)
        {
            using var file = File(hash);
            Assert.Equal(FirstBlock, Deployment.Load(file.Path).FirstBlock);
        }

        using var other = File("0x" + new string('1', 64));
        var refusal = Assert.Throws<FormatException>(() => Deployment.Load(other.Path));
        Assert.EndsWith(
            "expected the hash of one of the catalogs " + string.Join(
                ", ", EventCatalog.Revisions.Select(one => $"v{one.Version} ({one.Hash})"))
            + $", found 0x{new string('1', 64)}",
            refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_deployment_without_a_directory_is_refused()
    {
        using var file =
            new DeploymentFile("""{ "chainId": 1, "firstBlock": 1, "contracts": { "vault": "0x0000000000000000000000000000000000000002" } }""");
        Assert.Contains(
            "expected a directory among the contracts, found none",
            Assert.Throws<FormatException>(() => Deployment.Load(file.Path)).Message, StringComparison.Ordinal);
    }

    private static void Made(Action<ContractBook> check)
    {
        using var file = File();
        check(new ContractBook(
            Deployment.Load(file.Path), GenesisBlock,
            [Registered("vault", Vault), Registered("directory", Directory), Registered("oracle", Other)]));
    }

    private static DeploymentFile File(string? hash = null) => new(
        $$"""
        { "chainId": 7, "firstBlock": {{FirstBlock}}, "catalogHash": "{{hash ?? EventCatalog.Hash}}", "contracts": { "directory": "{{Directory}}" } }
        """);

    private static ContractRegistered Registered(string name, Address location) => new(
        ShortNames.Of(System.Text.Encoding.ASCII.GetBytes(name)), new Domain.Values.Address(location.Bytes), 1,
        Word.Parse(EventCatalog.Hash));

    private static Address Number(byte number) => Address.Parse($"0x{number:x40}");
}

/// <summary>A deployment.json of a test.</summary>
internal sealed class DeploymentFile : IDisposable
{
    public DeploymentFile(string text) => System.IO.File.WriteAllText(Path, text);

    public string Path { get; } = System.IO.Path.GetTempFileName();

    public void Dispose() => System.IO.File.Delete(Path);
}
