"""Where a name without 《》 begins: the names of national laws, and the words that stand before one.

A name inside running text binds only where it can begin: after a word that introduces it. The list of names
is closed, because only the national legislature calls its instruments 法 (立法法第七条, 第十条): a longer
name on it is never read as its tail (海洋环境保护法 is not 环境保护法), whether it is loaded or not. The list
tells what is a name, and nothing about force.
"""

from __future__ import annotations

import functools

from kb.laws import COUNTRY

NATIONAL = """
刑法 宪法 水法 专利法 仲裁法 价格法 会计法 体育法 保险法 信托法 公司法 公证法 公路法 关税法
兵役法 农业法 劳动法 医师法 合同法 商标法 国徽法 国旗法 国歌法 国籍法 国防法 契税法 婚姻法
学位法 审计法 密码法 工会法 广告法 建筑法 引渡法 律师法 慈善法 戒严法 护照法 担保法 拍卖法
收养法 教师法 教育法 旅游法 档案法 森林法 民法典 气象法 法官法 测绘法 海关法 海商法 海警法
消防法 渔业法 港口法 煤炭法 物权法 献血法 电力法 畜牧法 监察法 监狱法 票据法 禁毒法 种子法
立法法 统计法 继承法 能源法 航道法 草原法 计量法 证券法 邮政法 铁路法 防洪法 预算法 中医药法
公务员法 印花税法 原子能法 反垄断法 反洗钱法 反间谍法 增值税法 标准化法 核安全法 检察官法 民法总则
民法通则 烟叶税法 监察官法 著作权法 资源税法 车船税法 义务教育法 乡镇企业法 产品质量法 人民警察法
人民调解法 人民防空法 企业破产法 侵权责任法 军人保险法 出口管制法 刑事诉讼法 动物防疫法 劳动合同法
合伙企业法 商业银行法 国家公园法 国家安全法 国家情报法 国家赔偿法 国防交通法 国防动员法 国防教育法
土地管理法 城乡规划法 城市规划法 外商投资法 外资企业法 学前教育法 安全生产法 对外关系法 对外贸易法
就业促进法 执业医师法 技术合同法 招标投标法 政府采购法 数据安全法 文物保护法 枪支管理法 母婴保健法
民事诉讼法 民用航空法 水土保持法 法律援助法 海岛保护法 湿地保护法 烟草专卖法 环境保护法 现役军官法
生物安全法 电子商务法 电子签名法 疫苗管理法 矿产资源法 矿山安全法 社会保险法 社会救助法 社区矫正法
精神卫生法 红十字会法 经济合同法 网络安全法 职业教育法 船舶吨税法 节约能源法 药品管理法 行政处罚法
行政复议法 行政强制法 行政监察法 行政许可法 行政诉讼法 资产评估法 长江保护法 防沙治沙法 防震减灾法
陆地国界法 食品卫生法 食品安全法 高等教育法 黄河保护法 个人所得税法 人民陪审员法 企业所得税法
传染病防治法 公共图书馆法 反分裂国家法 反外国制裁法 反家庭暴力法 反恐怖主义法 反食品浪费法
可再生能源法 国务院组织法 居民身份证法 残疾人保障法 水污染防治法 注册会计师法 环境保护税法
生态环境法典 耕地占用税法 职业病防治法 车辆购置税法 预备役人员法 预备役军官法 黑土地保护法
个人信息保护法 个人独资企业法 中国人民银行法 中小企业促进法 乡村振兴促进法 人民武装警察法
人民法院组织法 企业国有资产法 保守国家秘密法 公益事业捐赠法 军事设施保护法 农业技术推广法
农村土地承包法 出境入境管理法 反不正当竞争法 反有组织犯罪法 噪声污染防治法 国境卫生检疫法
国家发展规划法 土壤污染防治法 外国国家豁免法 大气污染防治法 妇女权益保障法 家庭教育促进法
循环经济促进法 期货和衍生品法 未成年人保护法 民办教育促进法 民族区域自治法 民营经济促进法
治安管理处罚法 法治宣传教育法 海上交通安全法 海域使用管理法 海洋环境保护法 涉外经济合同法
清洁生产促进法 爱国主义教育法 特种设备安全法 环境影响评价法 电影产业促进法 科学技术普及法
科学技术进步法 税收征收管理法 突发事件应对法 粮食安全保障法 缔结条约程序法 英雄烈士保护法
证券投资基金法 退役军人保障法 道路交通安全法 野生动物保护法 集会游行示威法 领海及毗连区法
驻外外交人员法 人口与计划生育法 人民检察院组织法 农业机械化促进法 农产品质量安全法 农民专业合作社法
危险化学品安全法 反电信网络诈骗法 城市房地产管理法 城市维护建设税法 放射性污染防治法 无障碍环境建设法
村民委员会组织法 海南自由贸易港法 消费者权益保护法 老年人权益保障法 进出口商品检验法 银行业监督管理法
非物质文化遗产法 中外合作经营企业法 中外合资经营企业法 促进科技成果转化法 公共文化服务保障法
公职人员政务处分法 农村集体经济组织法 劳动争议调解仲裁法 台湾同胞投资保护法 国家通用语言文字法
国际刑事司法协助法 归侨侨眷权益保护法 民族团结进步促进法 海事诉讼特别程序法 环境噪声污染防治法
进出境动植物检疫法 青藏高原生态保护法 预防未成年人犯罪法 专属经济区和大陆架法 全民所有制工业企业法
军人地位和权益保障法 城市居民委员会组织法 澳门特别行政区基本法 澳门特别行政区驻军法 石油天然气管道保护法
香港特别行政区基本法 香港特别行政区驻军法 全国人民代表大会组织法 固体废物污染环境防治法
涉外民事关系法律适用法 突发公共卫生事件应对法 国家勋章和国家荣誉称号法 基本医疗卫生与健康促进法
深海海底区域资源勘探开发法 境外非政府组织境内活动管理法 香港特别行政区维护国家安全法
农村土地承包经营纠纷调解仲裁法 各级人民代表大会常务委员会监督法 外国中央银行财产司法强制措施豁免法
全国人民代表大会和地方各级人民代表大会代表法 全国人民代表大会和地方各级人民代表大会选举法
地方各级人民代表大会和地方各级人民政府组织法
"""

# Words that introduce a name and stand inside none.
_INTRODUCE = """
依照 依据 根据 按照 遵照 参照 比照 对照 违反 违反了 违背 触犯 触犯了 适用 援引 援用 引用 属于 符合 符合了
执行 遵守 遵循 落实 贯彻 具备 存在 具有 超过 超出 低于 高于 等于 认定为 视为 视同 推定为 认为 不受 涉及
采取 行使 构成 构成了 参见 详见 参阅 查阅 讲解 告知 收到 请求 删去 废止 关于 对于 结合 涉嫌 不服 出现 发生
享有 达到 满足 基于 鉴于 理解 包括 包含 含有 是指 系指 以及 并且 而且 尤其是 特别是 例如 比如 有关 所称 下称
因为 由于 为了 除了 不是 只有 没有 规避 我国 现行 新修订的 修订后的 修正后的 修改后的 修订后 修正后
修改后 修订的 修正的 修改的 施行的 公布的 生效的 有效的 现行的 适用的 依据的 违反的 享有的 所称的 所说的
有悖于 有违 引自 载于 源于 应当在 可以在 不符 有悖 抵触 注意 留意 关注 同时 同样
重温 牢记 忘记 忽视 忽略 漏引 漏写 误引 误写 错引 补引 改引 引的是 写的是
"""
# Words that introduce a name and stand inside some (计算机…条例, 规章制定程序条例): enough before a 法 only.
_INTRODUCE_TOO = """
审查 审核 审理 办理 计算 取得 履行 学习 宣传 提交 修改 制定 公布 颁布 实施 提出 明确 承担 提供 申请 使用 选择
经过 通过 解释 增加 删除 确认 判断 区分 邮寄 或者 中国 国家 属 规定 引进 查明 经查 对比 考虑 包含在 参考 审议
触碰 触及 违犯 依法适用 主要有 分别为 分别是 应为 应当是 载明 写明 援用 引述 摘自 选自 见于 限于
不适用于 适用于
"""
# Single characters introduce one where they are no part of another word.
_SINGLE = "依按据照如即系是指对以为有无受在将把其由于与除并被向见经原新旧"
_COMPOUNDS = """
国有 公有 私有 所有 共有 特有 行为 数据 证据 票据 单据 收据 护照 执照 牌照 拍照 关系 体系 联系 草原 平原 高原
中原 创新 高新 更新 革新 自由 理由 神经 财经 意见 合并 拆除 方向 定向 植被 参与 内在 所在
"""
# 和, 与, 及 join two citations; elsewhere they may stand inside a name.
_JOINS = ("和", "与", "及", "或", "同")
_SHORT = 4  # a 法 of fewer characters may end another word after 和: 制度和办法
_AFTER_CITATION = (*"条款项目》法例", "规定", "办法", "解释", "细则", "规则")
_LEFT_OVER = ("有", "无", "将", "把", "其", "除", "以")  # 依照有某某条例 …: no name begins with these
_MARKS = (*"、[［(（)）〉》",)


@functools.cache
def _set_of(words: str) -> frozenset[str]:
    return frozenset(words.split())


@functools.cache
def _tuple_of(words: str) -> tuple[str, ...]:
    return tuple(words.split())


def is_national(name: str) -> bool:
    """Whether a name, with or without 中华人民共和国, is that of a national law, in force or not."""
    return name.removeprefix(COUNTRY) in _set_of(NATIONAL)


def can_begin(before: str, name: str) -> bool:
    """Whether a name can begin after these words: nothing, 、, 依照, 认定为, 第五条和 …

    The longer names that end in a 法 are all in the list, so that more words do before one.
    """
    if not before or before.endswith(_MARKS) or before.endswith(_tuple_of(_INTRODUCE)):
        return True
    if before.endswith("年") and before[-2:-1].isdigit():
        return True  # 2021年食品安全法
    if before in _JOINS or (before.endswith(_JOINS) and before[:-1].endswith(_AFTER_CITATION)):
        return True
    if before[-1] in _SINGLE and not before.endswith(_tuple_of(_COMPOUNDS)):
        return True
    a_law = name.endswith(("法", "法典")) and not name.endswith("办法")
    if a_law and before.endswith(_JOINS) and len(name) > _SHORT and is_national(name):
        return True  # 动物产品和进出境动植物检疫法: the longer names with 和 are in the list as well
    return a_law and before.endswith(_tuple_of(_INTRODUCE_TOO))


def _after_open_bracket(window: str) -> int:
    """After the last （ that is not closed again; 0 without."""
    depth = 0
    for i in range(len(window) - 1, -1, -1):
        depth += (window[i] in "）)") - (window[i] in "（(")
        if depth < 0:
            return i + 1
    return 0


@functools.lru_cache(1024)
def begin_of(window: str) -> int | None:
    """Where an unknown name at the end of a window begins: after its last introducing word; None without."""
    cut = _after_open_bracket(window)
    for word in (*_tuple_of(_INTRODUCE), "的", "）", ")"):
        at = window.rfind(word, 0, len(window) - 1)  # a last bracket is the name's own: 修正案（九）
        cut = max(cut, at + len(word)) if at >= 0 else cut
    for i in range(len(window) - 1, cut, -1):
        if window[i] in "、和与及或" and window[:i].endswith(_AFTER_CITATION):
            cut = i + 1
            break
    if not cut and window.startswith(_JOINS):
        cut = 1
    while window.startswith(_LEFT_OVER, cut):
        cut += 1
    return cut or None
