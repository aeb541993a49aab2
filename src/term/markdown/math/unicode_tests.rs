//! Real formulas, and how they read.

use super::to_unicode;

#[track_caller]
fn check(cases: &[(&str, &str)]) {
    let wrong: Vec<String> = cases
        .iter()
        .filter_map(|(latex, expected)| {
            let found = to_unicode(latex);
            (found.as_deref() != Some(expected))
                .then(|| format!("{latex}\n  expected {expected:?}\n  found    {found:?}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[track_caller]
fn check_rows(latex: &str, expected: &[&str]) {
    assert_eq!(to_unicode(latex).as_deref(), Some(expected.join("\n").as_str()), "{latex}");
}

#[test]
fn what_is_learned_at_school_reads_as_it_is_written_by_hand() {
    check(&[
        (r"a^2 + b^2 = c^2", "a² + b² = c²"),
        (r"x^2 - 5x + 6 = (x - 2)(x - 3)", "x² - 5x + 6 = (x - 2)(x - 3)"),
        (r"y = mx + b", "y = mx + b"),
        (r"\pi \approx 3.14159", "π ≈ 3.14159"),
        (r"A = \pi r^2", "A = πr²"),
        (r"V = \frac{4}{3}\pi r^3", "V = (4/3)πr³"),
        (r"\frac{3}{4} + \frac{1}{4} = 1", "3/4 + 1/4 = 1"),
        (r"\frac{-3}{4} - \frac{-1}{2}", "-3/4 - (-1/2)"),
        (r"2\frac{1}{2}", "2 1/2"),
        (r"\frac12", "1/2"),
        (r"\dfrac{x+1}{x-1}", "(x + 1)/(x - 1)"),
        (r"\sqrt{2}", "√2"),
        (r"\sqrt{x^2 + y^2}", "√(x² + y²)"),
        (r"\sqrt{ab}", "√(ab)"),
        (r"\sqrt[3]{27} = 3", "∛27 = 3"),
        (r"\sqrt[4]{x}", "∜x"),
        (r"\sqrt[n]{x^m} = x^{m/n}", "ⁿ√(xᵐ) = x^(m/n)"),
        (r"5! = 120", "5! = 120"),
        (r"\sin^2 x + \cos^2 x = 1", "sin² x + cos² x = 1"),
        (r"\tan\theta = \frac{\sin\theta}{\cos\theta}", "tan θ = (sin θ)/(cos θ)"),
        (r"\sin\left(\frac{\pi}{2}\right) = 1", "sin(π/2) = 1"),
        (r"\sin \frac{x}{2}", "sin(x/2)"),
        (r"\log_{10} 1000 = 3", "log₁₀ 1000 = 3"),
        (r"\log(xy) = \log x + \log y", "log(xy) = log x + log y"),
        (r"|x - 3| \le 5", "|x - 3| ≤ 5"),
        (r"|x| - |-y|", "|x| - |-y|"),
        (r"90^\circ", "90°"),
        (r"\angle ABC = 60^{\circ}", "∠ABC = 60°"),
        (r"\triangle ABC \cong \triangle DEF", "△ABC ≅ △DEF"),
        (r"\overline{AB} \parallel \overline{CD}", "A̅B̅ ∥ C̅D̅"),
        (r"\overrightarrow{AB}", "A⃗B⃗"),
        (r"3 \times 4 \div 2", "3 × 4 ÷ 2"),
        (r"x \in [0, 1)", "x ∈ [0, 1)"),
        (r"50\% \text{ of } 80", "50% of 80"),
        (r"\$5.99", "$5.99"),
        (r"1{,}000{,}000", "1,000,000"),
    ]);
}

#[test]
fn limits_integrals_and_derivatives_read_well() {
    check(&[
        (r"\lim_{n \to \infty} \left(1 + \frac{1}{n}\right)^n = e", "lim_(n→∞) (1 + 1/n)ⁿ = e"),
        (r"\lim\limits_{x \to 0^+} \ln x = -\infty", "lim_(x→0⁺) ln x = -∞"),
        (r"\frac{dy}{dx} = 2x", "dy/dx = 2x"),
        (r"\frac{d}{dx}\left(x^n\right) = nx^{n-1}", "d/dx (xⁿ) = nxⁿ⁻¹"),
        (r"\frac{d^2y}{dx^2} + \omega^2 y = 0", "d²y/dx² + ω²y = 0"),
        (r"f''(x) + f'(x) = 0", "f″(x) + f′(x) = 0"),
        (r"\int x^n\,dx = \frac{x^{n+1}}{n+1} + C", "∫ xⁿ dx = xⁿ⁺¹/(n + 1) + C"),
        (r"\int_a^b f(x)\,dx = F(b) - F(a)", "∫ₐᵇ f(x) dx = F(b) - F(a)"),
        (r"\int_{-\infty}^{\infty} e^{-x^2} dx = \sqrt{\pi}", "∫_(-∞)^∞ e^(-x²) dx = √π"),
        (r"\int_0^1 \! x \, \mathrm{d}x", "∫₀¹ x dx"),
        (r"\int_0^{2\pi} \int_0^R r \, dr \, d\theta", "∫_0^(2π) ∫₀ᴿ r dr dθ"),
        (r"\oint_{\partial S} \mathbf{F} \cdot d\mathbf{r}", "∮_(∂S) F · dr"),
        (r"\sum_{n=0}^{\infty} \frac{x^n}{n!} = e^x", "∑_(n=0)^∞ xⁿ/n! = eˣ"),
        (r"\sum\limits_{k=1}^n k^2", "∑ₖ₌₁ⁿ k²"),
        (r"\prod_{p} \frac{1}{1 - p^{-s}}", "∏ₚ 1/(1 - p⁻ˢ)"),
        (r"\zeta(s) = \sum_{n=1}^\infty \frac{1}{n^s}", "ζ(s) = ∑_(n=1)^∞ 1/nˢ"),
        (
            r"f(x) = f(a) + f'(a)(x-a) + \frac{f''(a)}{2!}(x-a)^2 + \cdots",
            "f(x) = f(a) + f′(a)(x - a) + (f″(a)/2!)(x - a)² + ⋯",
        ),
        (r"\forall \varepsilon > 0\; \exists \delta > 0", "∀ε > 0 ∃δ > 0"),
        (r"\sup_{x \in A} |f(x)|", "sup_(x∈A) |f(x)|"),
        (r"\limsup_{n \to \infty} a_n", "lim sup_(n→∞) aₙ"),
        (
            r"\nabla f = \left( \frac{\partial f}{\partial x}, \frac{\partial f}{\partial y} \right)",
            "∇f = (∂f/∂x, ∂f/∂y)",
        ),
        (r"\frac{\partial^2 f}{\partial x \partial y}", "∂²f/(∂x∂y)"),
        (r"\left. \frac{dy}{dx} \right|_{x=0}", "dy/dx|ₓ₌₀"),
        (r"\Gamma(n) = (n-1)!", "Γ(n) = (n - 1)!"),
        (r"\Re(z) = \frac{z + \bar{z}}{2}", "ℜ(z) = (z + z̄)/2"),
        (r"|z| = \sqrt{z\bar{z}}", "|z| = √(zz̄)"),
        (
            r"\hat{f}(\xi) = \int_{\mathbb{R}} f(x) e^{-2\pi i x \xi}\,dx",
            "f̂(ξ) = ∫_ℝ f(x)e^(-2πixξ) dx",
        ),
    ]);
}

#[test]
fn the_laws_of_physics_read_well() {
    check(&[
        (r"F = ma", "F = ma"),
        (r"\vec{F} = m\vec{a}", "F⃗ = ma⃗"),
        (r"F = G\frac{m_1 m_2}{r^2}", "F = G m₁m₂/r²"),
        (r"E_k = \tfrac{1}{2}mv^2", "Eₖ = (1/2)mv²"),
        (r"E = \hbar\omega", "E = ħω"),
        (r"\Delta x \, \Delta p \geq \frac{\hbar}{2}", "Δx Δp ≥ ħ/2"),
        (r"i\hbar\frac{\partial}{\partial t}\Psi = \hat{H}\Psi", "iħ ∂/∂t Ψ = ĤΨ"),
        (r"\nabla \cdot \vec{E} = \frac{\rho}{\epsilon_0}", "∇ · E⃗ = ρ/ε₀"),
        (
            r"\nabla \times \vec{B} - \frac{1}{c^2}\frac{\partial \vec{E}}{\partial t} = \mu_0 \vec{J}",
            "∇ × B⃗ - (1/c²)(∂E⃗/∂t) = μ₀J⃗",
        ),
        (r"\frac{\partial^2 u}{\partial t^2} = c^2 \nabla^2 u", "∂²u/∂t² = c²∇²u"),
        (r"\langle \psi | \hat{H} | \psi \rangle", "⟨ψ|Ĥ|ψ⟩"),
        (r"|\psi\rangle = \alpha|0\rangle + \beta|1\rangle", "|ψ⟩ = α|0⟩ + β|1⟩"),
        (r"\ket{\psi} = \frac{1}{\sqrt{2}}(\ket{00} + \ket{11})", "|ψ⟩ = (1/√2)(|00⟩ + |11⟩)"),
        (
            r"R_{\mu\nu} - \frac{1}{2}Rg_{\mu\nu} = \frac{8\pi G}{c^4}T_{\mu\nu}",
            "R_μν - (1/2)Rg_μν = (8πG/c⁴)T_μν",
        ),
        (r"\gamma = \frac{1}{\sqrt{1 - v^2/c^2}}", "γ = 1/√(1 - v²/c²)"),
        (r"\Gamma^\lambda_{\mu\nu}", "Γ_μν^λ"),
        (r"v = v_0 + at", "v = v₀ + at"),
        (r"x(t) = A\cos(\omega t + \phi)", "x(t) = A cos(ωt + φ)"),
        (r"\dot{x} = v, \ddot{x} = a", "ẋ = v, ẍ = a"),
        (r"\mathcal{L} = T - V", "ℒ = T - V"),
        (r"S = k_B \ln \Omega", "S = k_B ln Ω"),
        (r"PV = nRT", "PV = nRT"),
        (r"T_{\text{max}} = 300\,\text{K}", "Tₘₐₓ = 300 K"),
        (r"g = 9.81\ \mathrm{m/s^2}", "g = 9.81 m/s²"),
        (r"6.022 \times 10^{23}\ \mathrm{mol^{-1}}", "6.022 × 10²³ mol⁻¹"),
        (r"v_{\text{terminal}} = \sqrt{\frac{2mg}{\rho A C_d}}", "v_terminal = √(2mg/(ρAC_d))"),
        (r"[\hat{x}, \hat{p}] = i\hbar", "[x̂, p̂] = iħ"),
        (r"\sigma_x \sigma_p \ge \frac{\hbar}{2}", "σₓσₚ ≥ ħ/2"),
        (r"k_{\mathrm{eff}}", "k_eff"),
        (
            r"\iiint_V (\nabla \cdot \mathbf{F})\,dV = \oiint_S \mathbf{F} \cdot d\mathbf{S}",
            "∭_V (∇ · F) dV = ∯_S F · dS",
        ),
    ]);
}

#[test]
fn statistics_and_learning_read_well() {
    check(&[
        (r"P(A \cap B) = P(A)P(B)", "P(A ∩ B) = P(A)P(B)"),
        (r"P(A|B) = \frac{P(B|A)P(A)}{P(B)}", "P(A|B) = P(B|A)P(A)/P(B)"),
        (r"\bar{x} = \frac{1}{n}\sum_{i=1}^{n} x_i", "x̄ = (1/n) ∑ᵢ₌₁ⁿ xᵢ"),
        (r"s^2 = \frac{1}{n-1}\sum_{i=1}^{n}(x_i - \bar{x})^2", "s² = (1/(n - 1)) ∑ᵢ₌₁ⁿ (xᵢ - x̄)²"),
        (
            r"\operatorname{Var}(X) = \mathbb{E}[X^2] - (\mathbb{E}[X])^2",
            "Var(X) = 𝔼[X²] - (𝔼[X])²",
        ),
        (r"\mathrm{Cov}(X, Y)", "Cov(X, Y)"),
        (r"X \sim \mathcal{N}(\mu, \sigma^2)", "X ∼ 𝒩(μ, σ²)"),
        (r"Z = \frac{\bar{X} - \mu}{\sigma/\sqrt{n}}", "Z = (X̄ - μ)/(σ/√n)"),
        (r"\binom{n}{k} p^k (1-p)^{n-k}", "C(n, k) pᵏ(1 - p)ⁿ⁻ᵏ"),
        (r"\hat{\beta} = (X^TX)^{-1}X^Ty", "β̂ = (XᵀX)⁻¹Xᵀy"),
        (r"\hat{y}_i = \beta_0 + \beta_1 x_i + \varepsilon_i", "ŷᵢ = β₀ + β₁xᵢ + εᵢ"),
        (r"\sigma(x) = \frac{1}{1 + e^{-x}}", "σ(x) = 1/(1 + e⁻ˣ)"),
        (
            r"\text{softmax}(z)_i = \frac{e^{z_i}}{\sum_{j=1}^K e^{z_j}}",
            "softmax(z)ᵢ = e^(zᵢ)/(∑ⱼ₌₁ᴷ e^(zⱼ))",
        ),
        (
            r"\text{Attention}(Q, K, V) = \text{softmax}\left(\frac{QK^\top}{\sqrt{d_k}}\right)V",
            "Attention(Q, K, V) = softmax(QKᵀ/√(dₖ))V",
        ),
        (r"\mathcal{L} = -\sum_{i} y_i \log \hat{y}_i", "ℒ = -∑ᵢ yᵢ log ŷᵢ"),
        (
            r"D_{KL}(P \| Q) = \sum_x P(x) \log \frac{P(x)}{Q(x)}",
            "D_KL(P‖Q) = ∑ₓ P(x) log(P(x)/Q(x))",
        ),
        (r"\theta_{t+1} = \theta_t - \eta \nabla_\theta J(\theta)", "θₜ₊₁ = θₜ - η∇_θ J(θ)"),
        (r"\hat{\theta} = \arg\max_\theta p(x \mid \theta)", "θ̂ = arg max_θ p(x | θ)"),
        (r"\operatorname*{argmin}_{w} \|Xw - y\|_2^2", "argmin_w ‖Xw - y‖₂²"),
        (r"w^{(t+1)} = w^{(t)} - \eta \nabla L", "w⁽ᵗ⁺¹⁾ = w⁽ᵗ⁾ - η∇L"),
        (
            r"F_1 = 2 \cdot \frac{\text{precision} \cdot \text{recall}}{\text{precision} + \text{recall}}",
            "F₁ = 2 · (precision · recall)/(precision + recall)",
        ),
        (
            r"\text{Accuracy} = \frac{TP + TN}{TP + TN + FP + FN}",
            "Accuracy = (TP + TN)/(TP + TN + FP + FN)",
        ),
        (
            r"\mathbf{h}_t = \tanh(\mathbf{W}_h \mathbf{h}_{t-1} + \mathbf{b})",
            "hₜ = tanh(Wₕhₜ₋₁ + b)",
        ),
        (r"\chi^2 = \sum \frac{(O_i - E_i)^2}{E_i}", "χ² = ∑ (Oᵢ - Eᵢ)²/Eᵢ"),
        (r"p < 0.05", "p < 0.05"),
        (r"\rho_{X,Y}", "ρ_(X,Y)"),
        (r"H(X) = -\sum_{x \in \mathcal{X}} p(x)\log_2 p(x)", "H(X) = -∑_(x∈𝒳) p(x) log₂ p(x)"),
        (r"\mathbb{1}_{A}(x)", "𝟙_A(x)"),
    ]);
}

#[test]
fn algebra_reads_well() {
    check(&[
        (r"\det(A - \lambda I) = 0", "det(A - λI) = 0"),
        (r"A^{-1}A = I", "A⁻¹A = I"),
        (r"(AB)^T = B^T A^T", "(AB)ᵀ = BᵀAᵀ"),
        (r"\mathbf{A}\mathbf{x} = \mathbf{b}", "Ax = b"),
        (
            r"\mathbf{u} \cdot \mathbf{v} = \|\mathbf{u}\| \|\mathbf{v}\| \cos\theta",
            "u · v = ‖u‖‖v‖ cos θ",
        ),
        (r"V = U \oplus W", "V = U ⊕ W"),
        (r"a \equiv b \pmod{n}", "a ≡ b (mod n)"),
        (r"a \bmod n = r", "a mod n = r"),
        (r"\gcd(a, b) = 1", "gcd(a, b) = 1"),
        (r"p \mid ab \implies p \mid a \text{ or } p \mid b", "p | ab ⟹ p | a or p | b"),
        (r"a \nmid b", "a ∤ b"),
        (r"\mathbb{Z}/n\mathbb{Z}", "ℤ/nℤ"),
        (r"\mathbb{F}_{p^k}", "𝔽_(pᵏ)"),
        (r"\phi: G \to H", "φ: G → H"),
        (r"\ker(\phi) \trianglelefteq G", "ker(φ) ⊴ G"),
        (r"G \cong H", "G ≅ H"),
        (r"\mathfrak{g} \otimes \mathfrak{h}", "𝔤 ⊗ 𝔥"),
        (r"\operatorname{rank}(A) + \operatorname{nullity}(A) = n", "rank(A) + nullity(A) = n"),
        (r"x_{1,2} = \frac{-b \pm \sqrt{b^2-4ac}}{2a}", "x_(1,2) = (-b ± √(b² - 4ac))/(2a)"),
        (r"\lfloor x \rfloor + \lceil y \rceil", "⌊x⌋ + ⌈y⌉"),
        (r"a_0 + \cfrac{1}{a_1 + \cfrac{1}{a_2}}", "a₀ + 1/(a₁ + 1/a₂)"),
        (r"2^{2^n} + 1", "2^(2ⁿ) + 1"),
        (r"e^{i\pi} + 1 = 0", "e^(iπ) + 1 = 0"),
        (r"x^{10} + x^{n+k}", "x¹⁰ + xⁿ⁺ᵏ"),
    ]);
}

#[test]
fn logic_and_sets_read_well() {
    check(&[
        (r"p \land q \rightarrow r", "p ∧ q → r"),
        (r"\neg(p \lor q) \iff \neg p \land \neg q", "¬(p ∨ q) ⟺ ¬p ∧ ¬q"),
        (r"\forall x \in \mathbb{N}, \exists y > x", "∀x ∈ ℕ, ∃y > x"),
        (r"\{x \in \mathbb{R} : x > 0\}", "{x ∈ ℝ : x > 0}"),
        (r"\{ x \mid x^2 < 2 \}", "{x | x² < 2}"),
        (r"A \cup B = \{1, 2, 3\}", "A ∪ B = {1, 2, 3}"),
        (r"A \setminus B", "A ∖ B"),
        (r"A \subseteq B", "A ⊆ B"),
        (r"\emptyset \subset A", "∅ ⊂ A"),
        (r"x \notin A", "x ∉ A"),
        (r"x \not\in A", "x ∉ A"),
        (r"A^c \cap B^c = \overline{A \cup B}", "Aᶜ ∩ Bᶜ = A̅∪̅B̅"),
        (r"|A \times B| = |A| \cdot |B|", "|A × B| = |A| · |B|"),
        (r"\bigcup_{i=1}^n A_i", "⋃ᵢ₌₁ⁿ Aᵢ"),
        (r"f \colon X \to Y", "f: X → Y"),
        (r"g \circ f", "g ∘ f"),
        (r"x \mapsto x^2", "x ↦ x²"),
        (r"\Gamma \vdash M : \sigma \to \tau", "Γ ⊢ M : σ → τ"),
        (r"\models \varphi", "⊨ φ"),
        (r"\top \land \bot", "⊤ ∧ ⊥"),
        (r"\therefore x = 2", "∴ x = 2"),
        (r"\aleph_0 < 2^{\aleph_0}", "ℵ₀ < 2^(ℵ₀)"),
        (r"O(n \log n)", "O(n log n)"),
        (r"\Theta(n^2)", "Θ(n²)"),
        (r"T(n) = 2T(n/2) + O(n)", "T(n) = 2T(n/2) + O(n)"),
        (r"O(|V| + |E|)", "O(|V| + |E|)"),
        (r"n!", "n!"),
        (r"x := y + 1", "x := y + 1"),
    ]);
}

#[test]
fn reactions_and_isotopes_read_well() {
    check(&[
        (r"2H_2 + O_2 \rightarrow 2H_2O", "2H₂ + O₂ → 2H₂O"),
        (r"\mathrm{CO_2} + \mathrm{H_2O} \rightleftharpoons \mathrm{H_2CO_3}", "CO₂ + H₂O ⇌ H₂CO₃"),
        (r"\text{NaCl} \rightarrow \text{Na}^+ + \text{Cl}^-", "NaCl → Na⁺ + Cl⁻"),
        (r"\mathrm{Ca}^{2+}", "Ca²⁺"),
        (r"\mathrm{Fe}_2\mathrm{O}_3", "Fe₂O₃"),
        (r"{}^{14}_{6}\mathrm{C}", "¹⁴₆C"),
        (r"^{235}\text{U}", "²³⁵U"),
        (r"\text{pH} = -\log_{10}[\text{H}^+]", "pH = -log₁₀[H⁺]"),
        (r"A \xrightarrow{\Delta} B", "A —Δ→ B"),
        (r"\Delta G = \Delta H - T\Delta S", "ΔG = ΔH - TΔS"),
        (r"K_{eq} = \frac{[C]^c[D]^d}{[A]^a[B]^b}", "K_eq = [C]ᶜ[D]ᵈ/([A]ᵃ[B]ᵇ)"),
        (r"25\,^\circ\text{C}", "25 °C"),
        (r"C_6H_{12}O_6", "C₆H₁₂O₆"),
        (r"SO_4^{2-}", "SO₄²⁻"),
    ]);
}

#[test]
fn what_only_a_typesetter_needs_is_left_out() {
    check(&[
        (r"\boxed{x = 42}", "[x = 42]"),
        (r"\underbrace{1 + \cdots + 1}_{n \text{ times}}", "(1 + ⋯ + 1)_(n times)"),
        (r"\overbrace{a + b}^{c}", "(a + b)ᶜ"),
        (r"\color{red}{x} + \textcolor{blue}{y}", "x + y"),
        (r"E = mc^2 \tag{1} \label{eq:e}", "E = mc²"),
        (r"\displaystyle \sum_{i} x_i", "∑ᵢ xᵢ"),
        (r"\bigl( a + b \bigr)", "(a + b)"),
        (r"\left\{ x \,\middle|\, x > 0 \right\}", "{x | x > 0}"),
        (r"\left\lfloor \frac{n}{2} \right\rfloor", "⌊n/2⌋"),
        (r"x \overset{\text{def}}{=} y", "x =ᵈᵉᶠ y"),
        (r"\underset{x}{\max} f(x)", "maxₓ f(x)"),
        (r"\stackrel{!}{=}", "=^!"),
        (r"\sum_{\substack{i < n \\ i \ne j}} a_{ij}", "∑_(i<n,i≠j) aᵢⱼ"),
        (r"\text{if } x > 0 \text{ then } y", "if x > 0 then y"),
        (r"\text{cost of $n$ items}", "cost of n items"),
        (r"a \quad b", "a  b"),
        (r"x = 1, \quad y = 2", "x = 1,  y = 2"),
        (r"\alpha\beta\gamma", "αβγ"),
        (r"x_i^2 + x_c^2 y", "xᵢ² + x_c^2 y"),
        (r"x'_i", "x′ᵢ"),
        (r"f^{(n)}(x)", "f⁽ⁿ⁾(x)"),
        (r"\widehat{ABC}", "ÂB̂Ĉ"),
    ]);
}

#[test]
fn matrices_cases_and_aligned_equations_are_rows() {
    check_rows(
        r"\begin{aligned} (a+b)^2 &= (a+b)(a+b) \\ &= a^2 + 2ab + b^2 \end{aligned}",
        &["(a + b)² = (a + b)(a + b)", "         = a² + 2ab + b²"],
    );
    check_rows(
        r"\begin{align*} x + y &= 3 & u &= 1 \\ x - y &= 1 & v &= 20 \end{align*}",
        &["x + y = 3  u = 1", "x - y = 1  v = 20"],
    );
    check_rows(r"\begin{gather} a = b \\ c = d \end{gather}", &["a = b", "c = d"]);
    check_rows(
        r"f(x) = \begin{cases} x^2 & \text{if } x \geq 0, \\ -x & \text{otherwise.} \end{cases}",
        &["f(x) = ⎧ x²  if x ≥ 0,", "       ⎩ -x  otherwise."],
    );
    check_rows(
        r"\begin{cases} x + y = 1 \\ x - y = 3 \\ z = 0 \end{cases}",
        &["⎧ x + y = 1", "⎨ x - y = 3", "⎩ z = 0"],
    );
    check_rows(
        r"\begin{pmatrix} \cos\theta & -\sin\theta \\ \sin\theta & \cos\theta \end{pmatrix}",
        &["⎛cos θ  -sin θ⎞", "⎝sin θ   cos θ⎠"],
    );
    check_rows(
        r"A = \begin{bmatrix} 1 & 0 & 0 \\ 0 & 10 & 0 \\ 0 & 0 & -1 \end{bmatrix}",
        &["    ⎡1   0   0⎤", "A = ⎢0  10   0⎥", "    ⎣0   0  -1⎦"],
    );
    check_rows(
        r"\begin{vmatrix} a & b \\ c & d \end{vmatrix} = ad - bc",
        &["│a  b│ = ad - bc", "│c  d│"],
    );
    check_rows(r"\begin{matrix} a \\ b \end{matrix}", &["a", "b"]);
    check_rows(
        r"\begin{pmatrix} a & b \\ c & d \end{pmatrix} \begin{pmatrix} x \\ y \end{pmatrix} = \begin{pmatrix} ax + by \\ cx + dy \end{pmatrix}",
        &["⎛a  b⎞⎛x⎞ = ⎛ax + by⎞", "⎝c  d⎠⎝y⎠   ⎝cx + dy⎠"],
    );
    check_rows(
        r"\left[\begin{array}{cc|c} 1 & 2 & 3 \\ 4 & 5 & 6 \end{array}\right]",
        &["⎡1  2  │  3⎤", "⎣4  5  │  6⎦"],
    );
    check_rows(
        r"\left\{ \begin{aligned} x &= 1 \\ y &= 2 \end{aligned} \right.",
        &["⎧ x = 1", "⎩ y = 2"],
    );
    check_rows(
        r"|x| = \left\{ \begin{array}{ll} x & x \ge 0 \\ -x & x < 0 \end{array} \right.",
        &["|x| = ⎧ x   x ≥ 0", "      ⎩ -x  x < 0"],
    );
    check_rows(r"a &= b \\ &= c", &["a = b", "  = c"]);
    check_rows(r"x = 1 \\[4pt] y = 2 \\", &["x = 1", "y = 2"]);
    check_rows(r"\begin{pmatrix} 1 & 2 & 3 \end{pmatrix}", &["(1  2  3)"]);
    check_rows(r"\begin{bmatrix} x_1 \\ \vdots \\ x_n \end{bmatrix}^T", &["⎡x₁⎤", "⎢ ⋮⎥ᵀ", "⎣xₙ⎦"]);
    check_rows(r"\begin{equation} x = 1 \end{equation}", &["x = 1"]);
    check_rows(
        r"\begin{pmatrix} a_{11} & \cdots & a_{1n} \\ \vdots & \ddots & \vdots \\ a_{m1} & \cdots & a_{mn} \end{pmatrix}",
        &["⎛a₁₁  ⋯  a₁ₙ⎞", "⎜  ⋮  ⋱    ⋮⎟", "⎝aₘ₁  ⋯  aₘₙ⎠"],
    );
}
