using System.Collections.Frozen;

namespace Pinfold.Pinboard.Import.Archives;

/// <summary>
/// The characters that make up most of a Chinese text, and of the names that people give to pictures and albums. Of
/// characters that come by accident some 18 in a hundred are among them, of a Chinese name's most.
/// </summary>
static class CommonHanzi
{
    const string Characters = "的是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方多经么去法学如都同现当没动面起看定"
        + "天分还进好小部其些主样理心她本前开但因只从想实日军者意无力它与长把机十民第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政美相见"
        + "被利什二等产或新己制身果加西斯月话合回特代内信表化老给世位次度门任常先海通教儿原东声提立及比员解水名真论处走义各入几口认条平系气题活尔更别打女变四神总何"
        + "电数安少报才结反受目太量再感建务做接必场件计管期市直德资命山金指克许统区保至队形社便空决治展马科司五基眼书非则听白却界达光放强即像难且权思王象完设式色路"
        + "记南品住告类求据程北边死张该交规万取拉格望觉术领共确传师观清今切院让识候带导争运笔照片图册影视频音乐夹微截屏幕旅游春夏秋冬季节风景花草树木猫狗鸟鱼鸡牛羊"
        + "虎龙父母爸妈爷奶哥姐弟妹孩宝贝朋友毕婚礼聚晚早午饭菜食谱厨房茶酒咖啡苹蔬肉汤米甜蛋糕京广州深圳杭庆武汉津苏香港台湾英俄韩城街园湖河江洋岛岭雪雨云星阳夜红"
        + "黄蓝绿黑紫灰粉橙银铜铁钢石土火衣服装鞋帽包裤裙屋室窗床桌椅灯沙车船飞站票店馆校医药病健康育球足篮泳跑步画字写诗歌词曲舞蹈戏剧闻纸杂志模板素材壁背封标插绘"
        + "漫角卡爱丽漂亮帅酷级班课考试答案料档备份载临未副终版始修改收藏六七八九百千亿零号码编辑整汇单录项客户价订证护左右低短旧快慢坏假男昨买卖读恨喜怒哀林筑古典"
        + "族艺博览宫殿寺庙塔桥楼墙村镇乡县省线田野农牧森漠晨昏傍阴晴温暖寒冷冰雹雾霜露虹彩静宁欢祝贺福糖端元宵除夕圣诞";

    static readonly FrozenSet<char> Set = Characters.ToFrozenSet();

    public static bool Contains(char c) => Set.Contains(c);
}
