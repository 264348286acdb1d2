// A folder of the circle that CircleTests find.
namespace EventSourced.Architecture.Tests.Circles.Three;

internal sealed class InThree
{
    internal static Type Next => typeof(One.InOne);
}
