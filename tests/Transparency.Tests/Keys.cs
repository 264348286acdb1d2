// Keys of the tests: fresh in each run, since nothing may depend on one key.
using System.Text;

namespace EventSourced.Transparency.Tests;

internal static class Keys
{
    public const string Origin = "log.example/events";
    public const long Now = 1_795_000_000;

    public static SigningKey Log { get; } = Of(Origin, SignatureType.Ed25519);

    public static SigningKey LogMlDsa { get; } = Of(Origin, SignatureType.MlDsa44Cosignature);

    public static SigningKey Ada { get; } = Of("witness.example/ada", SignatureType.Ed25519Cosignature);

    public static SigningKey Ben { get; } = Of("witness.example/ben", SignatureType.Ed25519Cosignature);

    public static SigningKey Cleo { get; } = Of("witness.example/cleo", SignatureType.MlDsa44Cosignature);

    public static SigningKey Of(string name, SignatureType type) => SigningKey.Parse(SigningKey.NewSecret(name, type));

    public static SignedCheckpoint Signed(MemoryLog log, params SigningKey[] keys) => Signed(log, [], keys);

    public static SignedCheckpoint Signed(MemoryLog log, string[] extensions, params SigningKey[] keys) =>
        SignedCheckpoint.Sign(new Checkpoint(Origin, log.Edge.Size, log.Root, extensions), Now, keys);

    public static byte[] Utf8(object text) => Encoding.UTF8.GetBytes(text.ToString()!);
}
