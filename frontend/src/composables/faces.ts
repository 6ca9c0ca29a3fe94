/** What people put into chats beside letters: the faces of WeChat, as it names them, and the commonest of Unicode. */

/** Name, what it looks like here (none: nothing in Unicode does), its pinyin and initials, the code that older clients write. */
export const FACES = `
微笑 🙂 weixiao wx /::)
撇嘴 😕 piezui pz /::~
色 😍 se s /::B
发呆 😳 fadai fd /::|
得意 😎 deyi dy /:8-)
流泪 😢 liulei ll /::<
害羞 ☺️ haixiu hx /::$
闭嘴 🤐 bizui bz /::X
睡 😴 shui s /::Z
大哭 😭 daku dk /::'(
尴尬 😅 ganga gg /::-|
发怒 😡 fanu fn /::@
调皮 😜 tiaopi tp /::P
呲牙 😁 ziya zy /::D
惊讶 😲 jingya jy /::O
难过 🙁 nanguo ng /::(
囧 😳 jiong j -
抓狂 😫 zhuakuang zk /::Q
吐 🤮 tu t /::T
偷笑 🤭 touxiao tx /:,@P
愉快 😊 yukuai yk /:,@-D
白眼 🙄 baiyan by /::d
傲慢 😤 aoman am /:,@o
困 😪 kun k /:|-)
惊恐 😱 jingkong jk /::!
憨笑 😄 hanxiao hx /::>
悠闲 😌 youxian yx /::,@
咒骂 🤬 zhouma zm /::-S
疑问 🤔 yiwen yw /:?
嘘 🤫 xu x /:,@x
晕 😵 yun y /:,@@
衰 😞 shuai s /:,@!
骷髅 💀 kulou kl /:!!!
敲打 🔨 qiaoda qd /:xx
再见 👋 zaijian zj /:bye
擦汗 😓 cahan ch /:wipe
抠鼻 - koubi kb /:dig
鼓掌 👏 guzhang gz /:handclap
坏笑 😏 huaixiao hx /:B-)
右哼哼 😤 youhengheng yhh /:@>
鄙视 😒 bishi bs /:>-|
委屈 🥺 weiqu wq /:P-(
快哭了 😿 kuaikule kkl /::'|
阴险 😈 yinxian yx /:X-)
亲亲 😚 qinqin qq /::*
可怜 🥹 kelian kl /:8*
笑脸 😀 xiaolian xl -
生病 😷 shengbing sb -
脸红 😳 lianhong lh -
破涕为笑 😂 potiweixiao ptwx -
恐惧 😨 kongju kj -
失望 😔 shiwang sw -
无语 😑 wuyu wy -
嘿哈 🤜 heiha hh -
捂脸 🤦 wulian wl -
奸笑 😼 jianxiao jx -
机智 🧐 jizhi jz -
皱眉 😟 zhoumei zm -
耶 ✌️ ye y -
吃瓜 🍉 chigua cg -
加油 💪 jiayou jy -
汗 😓 han h -
天啊 😱 tiana ta -
Emm 😐 emm e -
社会社会 - shehuishehui shsh -
旺柴 🐶 wangchai wc -
好的 👌 haode hd -
打脸 🤕 dalian dl -
哇 🤩 wa w -
翻白眼 🙄 fanbaiyan fby -
666 🤙 666 6 -
让我看看 🫣 rangwokankan rwkk -
叹气 😮‍💨 tanqi tq -
苦涩 🥲 kuse ks -
裂开 🫠 liekai lk -
嘴唇 👄 zuichun zc /:showlove
爱心 ❤️ aixin ax /:heart
心碎 💔 xinsui xs /:break
拥抱 🤗 yongbao yb /:hug
强 👍 qiang q /:strong
弱 👎 ruo r /:weak
握手 🤝 woshou ws /:share
胜利 ✌️ shengli sl /:v
抱拳 🙏 baoquan bq /:@)
勾引 ☝️ gouyin gy /:jj
拳头 ✊ quantou qt /:@@
OK 👌 ok o /:ok
合十 🙏 heshi hs -
啤酒 🍺 pijiu pj /:beer
咖啡 ☕ kafei kf /:coffee
蛋糕 🎂 dangao dg /:cake
玫瑰 🌹 meigui mg /:rose
凋谢 🥀 diaoxie dx /:fade
菜刀 🔪 caidao cd /:pd
炸弹 💣 zhadan zd /:bome
便便 💩 bianbian bb /:shit
月亮 🌙 yueliang yl /:moon
太阳 ☀️ taiyang ty /:sun
庆祝 🎉 qingzhu qz -
礼物 🎁 liwu lw /:gift
红包 🧧 hongbao hb -
發 🀅 fa f -
福 - fu f -
烟花 🎆 yanhua yh -
爆竹 🧨 baozhu bz -
猪头 🐷 zhutou zt /:pig
跳跳 💃 tiaotiao tt /:jump
发抖 🥶 fadou fd /:shake
转圈 🌀 zhuanquan zq /:circle
冷汗 😰 lenghan lh /:--b
酷 😎 ku k /::+
流汗 😓 liuhan lh /::L
大兵 💂 dabing db -
奋斗 💪 fendou fd /:,@f
饥饿 😋 jie je /::g
折磨 😖 zhemo zm /::8
糗大了 😬 qiudale qdl /:&-(
左哼哼 😤 zuohengheng zhh /:<@
哈欠 🥱 haqian hq /::-O
吓 😨 xia x /:@x
西瓜 🍉 xigua xg /:<W>
篮球 🏀 lanqiu lq /:basketb
乒乓 🏓 pingpang pp /:oo
饭 🍚 fan f /:eat
闪电 ⚡ shandian sd /:li
刀 🗡️ dao d /:kn
足球 ⚽ zuqiu zq /:footb
瓢虫 🐞 piaochong pc /:ladybug
差劲 👎 chajin cj /:bad
爱你 🤟 aini an /:lvu
NO ☝️ no n /:no
爱情 💞 aiqing aq /:love
飞吻 😘 feiwen fw /:<L>
怄火 😠 ouhuo oh /:<O>
磕头 🙇 ketou kt /:kotow
回头 - huitou ht /:turn
跳绳 - tiaosheng ts /:skip
投降 🏳️ touxiang tx /:oY
激动 🤩 jidong jd /:#-0
乱舞 🕺 luanwu lw /:hiphot
献吻 💋 xianwen xw /:kiss
左太极 ☯️ zuotaiji ztj /:<&
右太极 ☯️ youtaiji ytj /:&>`

/** Glyph, name, pinyin and initials. */
export const GLYPHS = `
😀 大笑 daxiao dx
😃 开心 kaixin kx
😄 笑 xiao x
😆 哈哈 haha hh
😅 苦笑 kuxiao kx
🤣 笑倒 xiaodao xd
😂 笑哭 xiaoku xk
🙂 浅笑 qianxiao qx
😉 眨眼 zhayan zy
😊 脸红笑 lianhongxiao lhx
😇 天使 tianshi ts
🥰 喜爱 xiai xa
😍 爱慕 aimu am
😘 飞吻 feiwen fw
😋 好吃 haochi hc
😛 吐舌 tushe ts
🤔 思考 sikao sk
🤗 抱抱 baobao bb
🤝 握手 woshou ws
🙏 谢谢 xiexie xx
👍 赞 zan z
👎 踩 cai c
👌 好 hao h
✌️ 胜利 shengli sl
👏 鼓掌 guzhang gz
🙌 欢呼 huanhu hh
💪 加油 jiayou jy
👋 挥手 huishou hs
🤞 祈愿 qiyuan qy
👉 右指 youzhi yz
👇 下指 xiazhi xz
☝️ 上指 shangzhi sz
✍️ 写字 xiezi xz
🙇 鞠躬 jugong jg
🙋 举手 jushou js
🤷 摊手 tanshou ts
🤦 捂脸 wulian wl
👨‍💻 客服 kefu kf
😐 无表情 wubiaoqing wbq
😕 困惑 kunhuo kh
😟 担心 danxin dx
😢 流泪 liulei ll
😭 大哭 daku dk
😤 生气 shengqi sq
😡 愤怒 fennu fn
😱 惊吓 jingxia jx
😴 睡觉 shuijiao sj
🤒 发烧 fashao fs
😷 口罩 kouzhao kz
🤩 星星眼 xingxingyan xxy
🥳 派对 paidui pd
😎 墨镜 mojing mj
🥺 恳求 kenqiu kq
❤️ 红心 hongxin hx
🧡 橙心 chengxin cx
💛 黄心 huangxin hx
💚 绿心 lvxin lx
💙 蓝心 lanxin lx
💜 紫心 zixin zx
💔 心碎 xinsui xs
💯 满分 manfen mf
💢 怒 nu n
💤 睡 shui s
💬 对话 duihua dh
✨ 闪亮 shanliang sl
⭐ 星 xing x
🌟 亮星 liangxing lx
🔥 火 huo h
🎉 庆祝 qingzhu qz
🎁 礼物 liwu lw
🎂 蛋糕 dangao dg
🎈 气球 qiqiu qq
🧧 红包 hongbao hb
🏮 灯笼 denglong dl
🌹 玫瑰 meigui mg
🌸 樱花 yinghua yh
🌷 郁金香 yujinxiang yjx
🌻 向日葵 xiangrikui xrk
🍀 四叶草 siyecao syc
☀️ 晴 qing q
🌧️ 雨 yu y
❄️ 雪 xue x
🌈 彩虹 caihong ch
🌙 月亮 yueliang yl
☕ 咖啡 kafei kf
🍵 茶 cha c
🍺 啤酒 pijiu pj
🍻 干杯 ganbei gb
🍉 西瓜 xigua xg
🍎 苹果 pingguo pg
🍊 橘子 juzi jz
🍚 米饭 mifan mf
🍜 面条 miantiao mt
🥟 饺子 jiaozi jz
🍗 鸡腿 jitui jt
🍰 甜点 tiandian td
🐶 狗 gou g
🐱 猫 mao m
🐼 熊猫 xiongmao xm
🐰 兔 tu t
🐯 虎 hu h
🐉 龙 long l
🐷 猪 zhu z
📦 包裹 baoguo bg
🚚 送货 songhuo sh
🛒 购物车 gouwuche gwc
🛍️ 购物袋 gouwudai gwd
💰 钱 qian q
💳 银行卡 yinhangka yhk
🧾 小票 xiaopiao xp
📱 手机 shouji sj
💻 电脑 diannao dn
📷 相机 xiangji xj
📞 电话 dianhua dh
✉️ 信 xin x
📎 回形针 huixingzhen hxz
📅 日历 rili rl
⏰ 闹钟 naozhong nz
⏳ 等待 dengdai dd
🔍 搜索 sousuo ss
🔗 链接 lianjie lj
🔒 锁 suo s
🔑 钥匙 yaoshi ys
🔧 扳手 banshou bs
🏠 家 jia j
🏢 公司 gongsi gs
🚗 车 che c
✈️ 飞机 feiji fj
🚄 高铁 gaotie gt
📍 地点 didian dd
✅ 完成 wancheng wc
❌ 错 cuo c
❗ 注意 zhuyi zy
❓ 问号 wenhao wh
⚠️ 警告 jinggao jg
➡️ 右箭头 youjiantou yjt
⬅️ 左箭头 zuojiantou zjt
⬆️ 上箭头 shangjiantou sjt
⬇️ 下箭头 xiajiantou xjt
1️⃣ 一 yi y
2️⃣ 二 er e
3️⃣ 三 san s
4️⃣ 四 si s
5️⃣ 五 wu w`
