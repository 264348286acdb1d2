using System.Buffers.Binary;
using EventSourced.Wasm.Determinism;

var seed = ulong.Parse(args[1]); var count = int.Parse(args[2]);
using var file = File.Create(args[3]);
for (var i = 0; i < count; i++)
{
    var m = ProgramPlan.Module(seed + (ulong)i, args[0] == "guarded");
    var b = new byte[4]; BinaryPrimitives.WriteInt32LittleEndian(b, m.Length);
    file.Write(b); file.Write(m);
}
return 0;
