package border

import (
	"regexp"
	"slices"
	"strings"
)

// Provinces as plates show them, one per line: spellings in folded form
// separated by bars, the first of them the normal form.

// khPersonal stands in the province's place on the personalised plates issued
// in Cambodia since 2021, of up to eight letters and digits.
const khPersonal = "CAMBODIA"

var khPersonalNumber = regexp.MustCompile(`^[A-Z\d]{1,8}$`)

var khProvinces = []string{
	"BANTEAYMEANCHEY|បន្ទាយមានជ័យ|បមានជ័យ",
	"BATTAMBANG|បាត់ដំបង",
	"KAMPONGCHAM|កំពង់ចាម",
	"KAMPONGCHHNANG|កំពង់ឆ្នាំង",
	"KAMPONGSPEU|កំពង់ស្ពឺ",
	"KAMPONGTHOM|កំពង់ធំ",
	"KAMPOT|កំពត",
	"KANDAL|កណ្តាល",
	"KEP|កែប",
	"KOHKONG|កោះកុង",
	"KRATIE|ក្រចេះ",
	"MONDULKIRI|MONDOLKIRI|មណ្ឌលគិរី",
	"ODDARMEANCHEY|OTDARMEANCHEY|ឧត្តរមានជ័យ|ឧមានជ័យ",
	"PAILIN|ប៉ៃលិន",
	"PHNOMPENH|ភ្នំពេញ",
	"PREAHSIHANOUK|SIHANOUKVILLE|ព្រះសីហនុ",
	"PREAHVIHEAR|ព្រះវិហារ",
	"PREYVENG|ព្រៃវែង",
	"PURSAT|ពោធិ៍សាត់",
	"RATANAKIRI|RATANAKKIRI|រតនគិរី|រតនៈគិរី",
	"SIEMREAP|សៀមរាប",
	"STUNGTRENG|ស្ទឹងត្រែង",
	"SVAYRIENG|ស្វាយរៀង",
	"TAKEO|តាកែវ",
	"TBOUNGKHMUM|TBONGKHMUM|ត្បូងឃ្មុំ",
	khPersonal + "|កម្ពុជា",
}

// Kamphaeng Nakhon is how Vientiane's plates were headed until 2024; whether
// numbers were kept when they changed is not published, so the two stay apart.
var laProvinces = []string{
	"ATTAPEU|ATTAPU|ອັດຕະປື",
	"BOKEO|ບໍ່ແກ້ວ",
	"BOLIKHAMXAY|BORIKHAMXAY|BOLIKHAMSAI|ບໍລິຄຳໄຊ",
	"CHAMPASAK|CHAMPASACK|ຈຳປາສັກ",
	"HOUAPHANH|HOUAPHAN|ຫົວພັນ",
	"KAMPHAENGNAKHON|ກຳແພງນະຄອນ",
	"KHAMMOUANE|KHAMMUANE|KHAMMOUAN|ຄຳມ່ວນ",
	"LUANGNAMTHA|LOUANGNAMTHA|ຫລວງນ້ຳທາ",
	"LUANGPRABANG|LOUANGPHABANG|LOUANGPRABANG|ຫລວງພະບາງ",
	"OUDOMXAY|OUDOMXAI|ອຸດົມໄຊ",
	"PHONGSALY|PHONGSALI|ຜົ້ງສາລີ",
	"SALAVAN|SARAVANE|ສາລະວັນ",
	"SAVANNAKHET|ສະຫວັນນະເຂດ",
	"SEKONG|XEKONG|ເຊກອງ",
	"VIENTIANE|ວຽງຈັນ",
	"VIENTIANECAPITAL|ນະຄອນຫລວງວຽງຈັນ|ນະຄອນຫລວງ",
	"XAISOMBOUN|XAYSOMBOUN|ໄຊສົມບູນ",
	"XAYABOURY|XAIGNABOULI|SAYABOURY|ໄຊຍະບູລີ",
	"XIENGKHOUANG|XIANGKHOUANG|ຊຽງຂວາງ",
}

var thProvinces = []string{
	"AMNATCHAROEN|อำนาจเจริญ", "ANGTHONG|อ่างทอง", "BANGKOK|KRUNGTHEP|กรุงเทพมหานคร|กรุงเทพ|กทม",
	"BETONG|เบตง", "BUENGKAN|บึงกาฬ", "BURIRAM|บุรีรัมย์", "CHACHOENGSAO|ฉะเชิงเทรา", "CHAINAT|ชัยนาท",
	"CHAIYAPHUM|ชัยภูมิ", "CHANTHABURI|จันทบุรี", "CHIANGMAI|เชียงใหม่", "CHIANGRAI|เชียงราย",
	"CHONBURI|ชลบุรี", "CHUMPHON|ชุมพร", "KALASIN|กาฬสินธุ์", "KAMPHAENGPHET|กำแพงเพชร",
	"KANCHANABURI|กาญจนบุรี", "KHONKAEN|ขอนแก่น", "KRABI|กระบี่", "LAMPANG|ลำปาง", "LAMPHUN|ลำพูน",
	"LOEI|เลย", "LOPBURI|ลพบุรี", "MAEHONGSON|แม่ฮ่องสอน", "MAHASARAKHAM|มหาสารคาม", "MUKDAHAN|มุกดาหาร",
	"NAKHONNAYOK|นครนายก", "NAKHONPATHOM|นครปฐม", "NAKHONPHANOM|นครพนม", "NAKHONRATCHASIMA|นครราชสีมา",
	"NAKHONSAWAN|นครสวรรค์", "NAKHONSITHAMMARAT|นครศรีธรรมราช", "NAN|น่าน", "NARATHIWAT|นราธิวาส",
	"NONGBUALAMPHU|หนองบัวลำภู", "NONGKHAI|หนองคาย", "NONTHABURI|นนทบุรี", "PATHUMTHANI|ปทุมธานี",
	"PATTANI|ปัตตานี", "PHANGNGA|พังงา", "PHATTHALUNG|พัทลุง", "PHAYAO|พะเยา", "PHETCHABUN|เพชรบูรณ์",
	"PHETCHABURI|เพชรบุรี", "PHICHIT|พิจิตร", "PHITSANULOK|พิษณุโลก",
	"PHRANAKHONSIAYUTTHAYA|AYUTTHAYA|พระนครศรีอยุธยา|อยุธยา", "PHRAE|แพร่", "PHUKET|ภูเก็ต",
	"PRACHINBURI|ปราจีนบุรี", "PRACHUAPKHIRIKHAN|ประจวบคีรีขันธ์", "RANONG|ระนอง", "RATCHABURI|ราชบุรี",
	"RAYONG|ระยอง", "ROIET|ร้อยเอ็ด", "SAKAEO|SRAKAEO|สระแก้ว", "SAKONNAKHON|สกลนคร",
	"SAMUTPRAKAN|สมุทรปราการ", "SAMUTSAKHON|สมุทรสาคร", "SAMUTSONGKHRAM|สมุทรสงคราม", "SARABURI|สระบุรี",
	"SATUN|สตูล", "SINGBURI|สิงห์บุรี", "SISAKET|ศรีสะเกษ", "SONGKHLA|สงขลา", "SUKHOTHAI|สุโขทัย",
	"SUPHANBURI|สุพรรณบุรี", "SURATTHANI|สุราษฎร์ธานี", "SURIN|สุรินทร์", "TAK|ตาก", "TRANG|ตรัง",
	"TRAT|ตราด", "UBONRATCHATHANI|อุบลราชธานี", "UDONTHANI|อุดรธานี", "UTHAITHANI|อุทัยธานี",
	"UTTARADIT|อุตรดิตถ์", "YALA|ยะลา", "YASOTHON|ยโสธร",
}

// Chinese provinces lead the number; the Latin names are unambiguous, where
// the sound of the character alone is not (桂 and 贵 are both Gui).
var cnProvinces = []string{
	"京|BEIJING", "津|TIANJIN", "沪|SHANGHAI", "渝|CHONGQING", "冀|HEBEI", "豫|HENAN", "云|YUNNAN",
	"辽|LIAONING", "黑|HEILONGJIANG", "湘|HUNAN", "皖|ANHUI", "鲁|SHANDONG", "新|XINJIANG", "苏|JIANGSU",
	"浙|ZHEJIANG", "赣|JIANGXI", "鄂|HUBEI", "桂|GUANGXI", "甘|GANSU", "晋|SHANXI", "蒙|NEIMENGGU|INNERMONGOLIA",
	"陕|SHAANXI", "吉|JILIN", "闽|FUJIAN", "贵|GUIZHOU", "粤|GUANGDONG", "青|QINGHAI", "藏|XIZANG|TIBET",
	"川|SICHUAN", "宁|NINGXIA", "琼|HAINAN",
}

// cutProvince cuts the longest name there is off a folded plate and returns
// the rest and the province's normal form.
func cutProvince(provinces []string, folded string, cut func(s, name string) (string, bool)) (rest, province string) {
	rest = folded
	for _, p := range provinces {
		normal, _, _ := strings.Cut(p, "|")
		for name := range strings.SplitSeq(p, "|") {
			if left, ok := cut(folded, name); ok && len(left) < len(rest) {
				rest, province = left, normal
			}
		}
	}
	return rest, province
}

func cutNothing(s, _ string) (rest string, ok bool) { return s, false }

// cutBefore takes name off the beginning of s, where hyphens do not count.
func cutBefore(s, name string) (rest string, ok bool) {
	for _, r := range name {
		s = strings.TrimPrefix(s, "-")
		if s, ok = strings.CutPrefix(s, string(r)); !ok {
			return "", false
		}
	}
	return strings.TrimPrefix(s, "-"), true
}

// cutBehind takes name off the end of s, where hyphens do not count.
func cutBehind(s, name string) (rest string, ok bool) {
	for _, r := range slices.Backward([]rune(name)) {
		s = strings.TrimSuffix(s, "-")
		if s, ok = strings.CutSuffix(s, string(r)); !ok {
			return "", false
		}
	}
	return strings.TrimSuffix(s, "-"), true
}
