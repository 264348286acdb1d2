// Standard streams and what a guest can get wrong with them.
using System.Text;
using EventSourced.Metering;
using EventSourced.Sandbox.Engines;
using EventSourced.Sandbox.Wasi;
using EventSourced.Testing;

namespace EventSourced.Sandbox.Tests.Wasi;

public sealed class StreamTests
{
    [Fact]
    public void Writing_gathers_all_vectors_and_keeps_the_streams_apart()
    {
        var guest = new WasiGuest();
        var vectors = guest.Vectors(100, "one ", "", "two");

        Assert.Equal(Errno.Success, guest.Call("fd_write", 1, vectors, 3, 8));
        Assert.Equal(7, guest.Memory.ReadInt32(8));
        Assert.Equal(Errno.Success, guest.Call("fd_write", 2, guest.Vectors(300, "oops"), 1, 8));
        Assert.Equal("one two", Encoding.UTF8.GetString(guest.Process.Output));
        Assert.Equal("oops", Encoding.UTF8.GetString(guest.Process.ErrorOutput));
    }

    [Fact]
    public void Reading_scatters_standard_input_until_it_ends()
    {
        var guest = new WasiGuest(new WasiWorld().WithStandardInput("abcdefgh"u8.ToArray()));
        guest.Memory.WriteInt32(100, 500);
        guest.Memory.WriteInt32(104, 3);
        guest.Memory.WriteInt32(108, 600);
        guest.Memory.WriteInt32(112, 2);

        Assert.Equal(Errno.Success, guest.Call("fd_read", 0, 100, 2, 8));
        Assert.Equal(5, guest.Memory.ReadInt32(8));
        Assert.Equal("abc", guest.Memory.ReadString(500, 3));
        Assert.Equal("de", guest.Memory.ReadString(600, 2));
        Assert.Equal("fgh", guest.Read(0, 100));
        Assert.Equal("", guest.Read(0, 100));
    }

    [Fact]
    public void A_write_beyond_the_limit_is_refused_whole()
    {
        var guest = new WasiGuest(new WasiWorld().WithOutputLimit(10));
        Assert.Equal(Errno.Success, guest.Call("fd_write", 1, guest.Vectors(100, "12345678"), 1, 8));
        Assert.Equal(Errno.TooBig, guest.Call("fd_write", 1, guest.Vectors(100, "9", "10"), 2, 8));
        Assert.Equal(Errno.Success, guest.Call("fd_write", 1, guest.Vectors(100, "90"), 1, 8));
        Assert.Equal("1234567890", Encoding.UTF8.GetString(guest.Process.Output));
    }

    [Theory]
    [InlineData("fd_write", 0)]
    [InlineData("fd_write", 3)]
    [InlineData("fd_write", 4)]
    [InlineData("fd_write", -1)]
    [InlineData("fd_read", 1)]
    [InlineData("fd_read", 77)]
    public void A_descriptor_of_another_use_is_bad(string name, int descriptor)
    {
        var guest = new WasiGuest();
        Assert.Equal(Errno.BadDescriptor, guest.Call(name, descriptor, guest.Vectors(100, "x"), 1, 8));
    }

    [Fact]
    public void Reading_a_folder_as_a_file_is_refused() =>
        Assert.Equal(Errno.IsDirectory, new WasiGuest().Call("fd_read", 3, 100, 0, 8));

    [Theory]
    [InlineData(65_529, 1, 8)]
    [InlineData(-8, 1, 8)]
    [InlineData(100, 1, 65_533)]
    [InlineData(100, 1, -1)]
    public void An_address_beyond_the_memory_is_a_fault_and_nothing_is_written(int vectors, int count, int done)
    {
        var guest = new WasiGuest();
        guest.Vectors(100, "text");
        Assert.Equal(Errno.Fault, guest.Call("fd_write", 1, vectors, count, done));
        Assert.Empty(guest.Process.Output);
    }

    [Fact]
    public void A_vector_that_ends_beyond_the_memory_is_a_fault()
    {
        var guest = new WasiGuest();
        guest.Memory.WriteInt32(100, 65_000);
        guest.Memory.WriteInt32(104, 537);
        Assert.Equal(Errno.Fault, guest.Call("fd_write", 1, 100, 1, 8));
        guest.Memory.WriteInt32(104, -1);
        Assert.Equal(Errno.Fault, guest.Call("fd_write", 1, 100, 1, 8));
    }

    [Theory]
    [InlineData(WasiProcess.VectorLimit + 1)]
    [InlineData(-1)]
    public void More_vectors_than_the_limit_are_invalid(int count) =>
        Assert.Equal(Errno.Invalid, new WasiGuest().Call("fd_write", 1, 0, count, 8));

    [Fact]
    public void Streams_have_no_position()
    {
        var guest = new WasiGuest();
        Assert.Equal(Errno.NoSeek, guest.Call("fd_seek", 0, 0, 0, 8));
        Assert.Equal(Errno.NoSeek, guest.Call("fd_tell", 1, 8));
        Assert.Equal(Errno.NoSeek, guest.Call("fd_pread", 0, 100, 0, 0, 8));
    }

    [Fact]
    public void Streams_are_character_devices_with_one_right_each()
    {
        var guest = new WasiGuest();
        Assert.Equal(Errno.Success, guest.Call("fd_fdstat_get", 0, 8));
        Assert.Equal((2, 2L), (guest.Memory.ReadByte(8), guest.Memory.ReadInt64(16)));
        Assert.Equal(Errno.Success, guest.Call("fd_fdstat_get", 1, 8));
        Assert.Equal((2, 64L), (guest.Memory.ReadByte(8), guest.Memory.ReadInt64(16)));
        Assert.Equal(Errno.Success, guest.Call("fd_filestat_get", 1, 8));
        Assert.Equal(2, guest.Memory.ReadByte(24));
    }

    [Fact]
    public void Every_call_and_every_byte_costs_fuel()
    {
        var guest = new WasiGuest(new WasiWorld().WithStandardInput(new byte[1_000]));
        guest.Memory.WriteInt32(16, 2_000);
        guest.Memory.WriteInt32(20, 900);
        long Cost(Action call)
        {
            var before = guest.Guest.FuelUsed;
            call();
            return guest.Guest.FuelUsed - before;
        }

        var many = Cost(() => guest.Call("fd_read", 0, 16, 1, 24));
        var few = Cost(() => guest.Call("fd_read", 0, 16, 1, 24));
        Assert.Equal(800L, many - few);
        Assert.True(Cost(() => guest.Call("sock_send", 0, 0, 0, 0, 0)) >= WasiLinker.CallFuel);
    }

    [Fact]
    public void A_guest_that_pays_no_fuel_writes_nothing()
    {
        var guest = new WasiGuest();
        guest.Vectors(100, "text");
        guest.Guest.SetFuel(WasiLinker.CallFuel - 1);
        var trap = Assert.Throws<GuestTrapException>(() => guest.Call("fd_write", 1, 100, 1, 8));
        Assert.Equal(TrapKind.OutOfFuel, trap.Type);
        Assert.Empty(guest.Process.Output);
    }

    [Theory]
    [InlineData(false, "(memory (export \"memory\") 1)", "WASI process")]
    [InlineData(true, "", "'memory'")]
    [InlineData(true, "(memory (export \"other\") 1)", "'memory'")]
    public void A_guest_without_a_world_or_a_memory_is_named(bool inWorld, string memory, string words)
    {
        var process = inWorld ? new WasiProcess(new WasiWorld()) : null;
        using var store = new GuestStore(Wat.Engine, process);
        var module = Wat.Engine.Compile(TextFormat.Module(
            $"""
            (module
              (import "wasi_snapshot_preview1" "sched_yield" (func $yield (result i32)))
              {memory}
              (func (export "run") (drop (call $yield))))
            """));
        var refusal = Assert.Throws<WasmException>(() => Wat.Engine.OnGuestThread(() =>
        {
            var limits = new GuestLimits(100_000, 100, 1 << 20);
            var guest = Guest.Instantiate(module, store.Native, Wat.Engine.WasiFunctions, limits, process);
            guest.Run(guest.Native.GetAction("run")!);
            return 0;
        }));
        Assert.Contains(words, refusal.Message);
    }

    // Whatever a guest gives, it gets an errno; the host sees no exception of its own.
    [Fact]
    public void Random_calls_with_random_arguments_end_in_an_errno() => Seed.Run(random =>
    {
        var functions = WasiGuest.Functions.Where(function => function.Name != "proc_exit").ToArray();
        long[] odd = [-1, 0, 1, 2, 3, 4, 8, 100, 65_535, 65_536, int.MaxValue, int.MinValue, long.MinValue,
            long.MaxValue];
        for (var round = 0; round < 20; round++)
        {
            var guest = new WasiGuest(new WasiWorld()
                .WithArgs("a", "b").WithInputFile("dir/file", new byte[100]).WithStandardInput(new byte[100]));
            random.NextBytes(guest.Memory.GetSpan(0, 4_096));
            for (var call = 0; call < 500; call++)
            {
                var (name, parameters) = functions[random.Next(functions.Length)];
                var arguments = parameters.Select(
                    _ => random.Next(3) == 0 ? random.NextInt64() : odd[random.Next(odd.Length)]);
                Assert.InRange((int)guest.Call(name, [.. arguments]), 0, 76);
            }
        }
    });
}
