namespace Pinfold.Pinboard.Search;

/// <summary>What a pin is to who looks for one.</summary>
static class PinKind
{
    public const string Picture = "picture";
    public const string Moving = "moving";
    public const string Link = "link";

    public static readonly IReadOnlyList<string> All = [Picture, Moving, Link];

    public static string Of(Pin pin) => pin.Picture switch
    {
        { State: PictureState.Ready, Motion: not PictureMotion.None } => Moving,
        { State: PictureState.Ready } => Picture,
        _ => Link,
    };
}
