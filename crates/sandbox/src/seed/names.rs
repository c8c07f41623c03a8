//! Names of many cultures, with diacritics, apostrophes and people who have one name only.
//!
//! Display names are unique unless a seed asks for a clash; e-mail local parts are ASCII and unique.

use std::collections::HashSet;

use rand::Rng;
use rand::rngs::StdRng;
use unicode_normalization::UnicodeNormalization;

const CULTURES: &[(&str, &str)] = &[
    (
        "Amelia Oliver Isla George Freya Harry Poppy Alfie Imogen Rupert Beatrix Callum Niamh Ewan Cerys Gareth",
        "Ashworth Birtwistle Hargreaves Entwistle Pemberton Thackeray O'Brien O'Neill MacLeod Fairclough Whitlock Penrose Llewellyn Drummond Sinclair Haverford",
    ),
    (
        "Aoife Ciarán Siobhán Pádraig Róisín Eoghan Gráinne Seán Caoimhe Fionn Sinéad Oisín Niall Bríd Donnchadh Muireann",
        "Ó'Súilleabháin O'Connor Mac-Giolla O'Dwyer Ní-Bhriain Gallagher Kavanagh O'Leary Brennan Quinlan Ó-Dálaigh Hennessy D'Arcy Keogh McCarthy Tierney",
    ),
    (
        "Søren Astrid Bjørn Ingrid Åse Håkon Liv Øyvind Maja Rasmus Sigrid Lars Freja Kåre Tuva Ømund",
        "Ødegård Lindström Åkesson Sørensen Bjørnstad Hægstad Nyström Rønning Kjærsgaard Sjöberg Vågsland Gunnarsdóttir Þórsson Østergård Bäckman Hålogaland",
    ),
    (
        "Jürgen Käthe Björn Änne Götz Ursel Matthäus Lieselotte Jörg Sönke Hannelore Dörte Rüdiger Friederike Ansgar Mechthild",
        "Müller Größmann Schäfer Weiß Köhler Jäger Böhm Straßburger Hübner Löwenthal Küpper Groß Überall Nußbaum Brückner Pfändler",
    ),
    (
        "Zoë Françoise Étienne Anaïs Benoît Hélène Gaël Chloé Rémi Noémie Loïc Océane Théo Maëlle Cédric Inès",
        "Lefèvre D'Aubigné Béranger Guérin L'Hôpital Crépin Noël Duchêne Rivière D'Estaing Château Bérénice Maréchal Gagné Prévost Hébert",
    ),
    (
        "José María Íñigo Lucía Ángel Begoña Ramón Nuria Joaquín Ainhoa Álvaro Pilar Óscar Rocío Jesús Verónica",
        "Muñoz Ibáñez Peñalver Núñez Cabañas Zúñiga Ordóñez Castañeda Güell Rodríguez Ávila Hernández Échevarría Bolaños Yáñez Marañón",
    ),
    (
        "João Inês Conceição Tomé Luísa Gonçalo Mécia Fábio Leonor Simão Graça Otávio Tâmara Caetano Lívia Estêvão",
        "Magalhães Falcão Simões Guimarães Brandão Araújo Leitão Assunção Conceição Furtado Patrício Antunes Serrão Galvão Ilhéu Mourão",
    ),
    (
        "Łukasz Żaneta Michał Małgorzata Paweł Bożena Wojciech Agnieszka Stanisław Halina Zbigniew Grażyna Krzysztof Świętosława Bartłomiej Jolanta",
        "Wiśniewski Kowalczyk Łoś Dąbrowski Żeleński Wójcik Pająk Sękowski Gałczyński Brzęczyszczykiewicz Śliwa Źrebiec Kędzierski Bąk Ćwik Jaźwiński",
    ),
    (
        "Jiří Růžena Božena Zdeněk Štěpán Kateřina Ondřej Šárka Miloš Věra Řehoř Žofie Tomáš Eliška Vojtěch Ludmila",
        "Dvořák Černý Novotná Šťastný Kučera Říha Žižka Procházková Bláha Křížová Vaněk Hájek Čapek Šimůnek Ježek Světlá",
    ),
    (
        "İbrahim Çağla Gülşen Ömer Şebnem Uğur Ayşe Tuğrul Özge Burçin Çetin Işıl Görkem Zeynep Yiğit Şule",
        "Yıldız Öztürk Güneş Şahin Çelik Kılıç Doğan Ağaoğlu Tüfekçi Karagöz Erdoğmuş Işık Gümüş Bağcı Özdemir Sarıoğlu",
    ),
    (
        "Nguyễn Thảo Hương Dũng Phượng Đức Quỳnh Tuấn Ngọc Sơn Hạnh Khánh Yến Lộc Mỹ Trang",
        "Trần Đặng Phạm Huỳnh Vũ Bùi Đỗ Hồ Ngô Dương Lý Đinh Võ Lương Mạc Thái",
    ),
    (
        "Aarav Priya Rohan Ananya Vikram Meera Arjun Kavya Siddharth Lakshmi Ishaan Divya Rajesh Sunita Nikhil Pooja",
        "Venkataraman Iyer Chatterjee Deshpande Krishnamurthy Bhattacharya Patel Subramanian Gill Reddy Nair Kulkarni Mukherjee Agarwal Choudhury Raghunathan",
    ),
    (
        "Chidi Ngozi Oluwaseun Adaeze Kwame Abena Tendai Thandiwe Sipho Nomvula Babajide Folake Kofi Amina Jabari Zanele",
        "Okonkwo Adéyemí Mensah Nkrumah Mokoena Ndlovu Oyelaran Chukwuemeka Asante Dlamini N'Diaye M'Bala Achebe Onyango Kamau Sesay",
    ),
    (
        "Layla Omar Fatima Yusuf Noor Khalid Maryam Tariq Aisha Hamza Salma Idris Rania Samir Huda Walid",
        "Al-Masri El-Sayed Haddad Ben-Youssef Al-Farsi Khoury Nasser Al-Zahrani Mansour Bakr Rahman Abdel-Rahim Darwish Saleh Aziz Hashimi",
    ),
    (
        "Haruto Yuki Sakura Kenji Aiko Takumi Hana Ryo Mei Daichi Emi Sora Naomi Jun Rin Kaito",
        "Tanaka Kobayashi Watanabe Yamamoto Ōtani Saitō Fujiwara Hayashi Ishikawa Kuroda Mizuno Nakagawa Ōno Shimizu Takahashi Yoshida",
    ),
    (
        "Mele Sione Tavita Ana Keoni Leilani Makoa Malia Kahu Aroha Wiremu Ngaire Tāne Hinewai Rangi Moana",
        "Tupou Fa'asavalu Ka'ahumanu Te-Rangi Māhina Latu'ila Fonoti Kealoha Ngata Tāwhiri Vaea Ta'ufo'ou Pōtiki Manu'a Kapule Leavasa",
    ),
];

const SINGLE: &[&str] = &[
    "Sukarno",
    "Björk",
    "Suharti",
    "Madhavan",
    "Nirmala",
    "Sanusi",
    "Thiruvalluvar",
    "Wahyuni",
    "Jigme",
    "Kartini",
];

/// A name and what is made of it.
#[derive(Debug, Clone)]
pub struct Name {
    /// Given name.
    pub first: String,
    /// Family name; empty for one-word names.
    pub last: String,
    /// Display name.
    pub display: String,
    /// E-mail local part.
    pub slug: String,
}

/// Draws names and remembers what was drawn.
#[derive(Debug, Default)]
pub struct Names {
    displays: HashSet<String>,
    slugs: HashSet<String>,
    singles: usize,
}

impl Names {
    /// The next name.
    pub fn next(&mut self, rng: &mut StdRng) -> Name {
        if self.singles < SINGLE.len() && rng.random_range(0..60) == 0 {
            let single = SINGLE[self.singles];
            self.singles += 1;
            return self.take(single, "", single.to_owned());
        }
        let mut attempt = 0;
        loop {
            let first_of = rng.random_range(0..CULTURES.len());
            // Families mix when a culture alone no longer gives a free name.
            let last_of = if attempt < 3 {
                first_of
            } else {
                rng.random_range(0..CULTURES.len())
            };
            let first = pick(rng, CULTURES[first_of].0);
            let last = pick(rng, CULTURES[last_of].1)
                .replace('-', if last_of == 1 || last_of == 15 { " " } else { "-" });
            let mut display = format!("{first} {last}");
            if attempt > 6 {
                let initial = char::from(b'A' + rng.random_range(0..26_u8));
                display = format!("{first} {initial}. {last}");
            }
            if !self.displays.contains(&display.to_lowercase()) {
                return self.take(first, &last, display);
            }
            attempt += 1;
        }
    }

    fn take(&mut self, first: &str, last: &str, display: String) -> Name {
        self.displays.insert(display.to_lowercase());
        let plain = ascii(&format!("{first} {last}"));
        let mut slug = plain.clone();
        let mut n = 2;
        while !self.slugs.insert(slug.clone()) {
            slug = format!("{plain}{n}");
            n += 1;
        }
        Name {
            first: first.to_owned(),
            last: last.to_owned(),
            display,
            slug,
        }
    }
}

fn pick<'a>(rng: &mut StdRng, list: &'a str) -> &'a str {
    let count = list.split(' ').count();
    list.split(' ').nth(rng.random_range(0..count)).unwrap_or(list)
}

/// `Łukasz Ó'Neill` → `lukasz.oneill`.
fn ascii(text: &str) -> String {
    let mut plain = String::new();
    for c in text.trim().to_lowercase().nfkd() {
        match c {
            'a'..='z' | '0'..='9' => plain.push(c),
            ' ' | '-' if !plain.ends_with('.') => plain.push('.'),
            'ß' => plain.push_str("ss"),
            'ø' => plain.push('o'),
            'ł' => plain.push('l'),
            'đ' | 'ð' => plain.push('d'),
            'æ' => plain.push_str("ae"),
            'þ' => plain.push_str("th"),
            'ı' => plain.push('i'),
            _ => {}
        }
    }
    plain.trim_matches('.').to_owned()
}
