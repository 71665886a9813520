using Microsoft.Extensions.DependencyInjection;
using Zinneke.Kernel;

namespace Zinneke.Reports;

internal static class FollowSetup
{
    public static void AddFollowing(this IServiceCollection services)
    {
        services.AddSingleton<FollowReports>();
        services.AddScoped<FollowOne>();
        services.AddSingleton<AnswerSolved>();
        services.AddSingleton<TableFollower, TellFollowers>();
        services.AddSingleton<PersonalData, SubscriptionData>();
        services.AddSingleton(SubscriptionData.About);
        services.AddSingleton(SubscriptionData.Erasable);
        foreach (var notice in TellFollowers.Notices)
        {
            services.AddSingleton(notice);
        }
    }
}
