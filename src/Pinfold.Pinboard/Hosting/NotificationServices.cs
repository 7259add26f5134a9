using Microsoft.Extensions.DependencyInjection;
using Pinfold.Pinboard.Notifications;
using Pinfold.Sharding.Hosting;

namespace Pinfold.Pinboard.Hosting;

/// <summary>What people are told, and the pages that hear of it.</summary>
static class NotificationServices
{
    public static void AddNotifications(this PinfoldShardingBuilder shards)
    {
        shards.Services.AddSingleton<Standing>();
        shards.Services.AddSingleton<Receivers>();
        shards.Services.AddSingleton<NotificationWriter>();
        shards.Services.AddSingleton<NotificationSettings>();
        shards.Services.AddSingleton<VisibleNotifications>();
        shards.Services.AddSingleton<NotificationReader>();
        shards.Services.AddSingleton<NotificationStreams>();
        shards.AddFollower<NotificationFollower>().AddFollower<LocalNotificationFollower>();
    }
}
