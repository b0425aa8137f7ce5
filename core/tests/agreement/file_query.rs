//! A raw query at a controller of two tokens, and with the key of one.

use super::oracle::{self, Verifier};
use super::sandbox::{KNOWN, access_key, access_token};
use super::template::{Tamper, fill};
use super::times::{Offset, fill_times};
use super::{Outcome, coded, outcome};
use sandgate::v2::FileUrlKey;
use sandgate::{
    AccessToken, Allowed, Context, Controller, Denied, Grant, Header, Operation, Policy, Request, UnixSeconds, Window,
};

#[derive(Clone, Debug)]
pub(crate) struct Case<'a> {
    pub(crate) operation: Operation,
    /// With placeholders.
    pub(crate) query: Vec<u8>,
    /// The context that was signed, which may differ from the verifier's.
    pub(crate) signed_for: Option<&'a [u8]>,
    pub(crate) verifier: Verifier<'a>,
    pub(crate) offset: Offset,
    pub(crate) tamper: Option<Tamper>,
}

impl Case<'_> {
    /// The answer of both.
    pub(crate) fn check(&self) -> Outcome {
        let query = self.filled();
        let tokens = KNOWN.map(access_token);
        let expected = self.oracle(&tokens, &query);
        self.check_controller(&tokens, &query, &expected);
        let [_, token] = tokens;
        let key = FileUrlKey::new(&token.parse().unwrap()).unwrap().window(self.window());
        let answer = key.verify_query(self.operation, &query, self.context(), self.now());
        assert_eq!(coded(answer).map(granted), self.oracle(&[token], &query), "{}", query.escape_ascii());
        outcome(&expected)
    }

    /// Returns the query with its times and signatures. A query that cannot be signed gets a well-formed signature, so that
    /// it is refused for its own fault.
    pub(crate) fn filled(&self) -> Vec<u8> {
        let operation = self.operation.as_str();
        let timed = fill_times(&self.query, self.offset, &self.verifier);
        let url = oracle::Query::read(operation, &timed).and_then(|said| said.file_url(operation));
        fill(&timed, |kid| {
            let signature = match &url {
                _ if !(kid.is_ascii_digit() || kid.is_ascii_lowercase()) => return None,
                Some(url) => url.signature(kid, &access_key(kid), self.signed_for),
                None => format!("v2.{kid}.{}", "A".repeat(43)),
            };
            Some(Tamper::apply(self.tamper, &signature))
        })
    }

    fn oracle(&self, tokens: &[String], query: &[u8]) -> Result<oracle::FileUrl, oracle::Code> {
        let tokens: Vec<&str> = tokens.iter().map(String::as_str).collect();
        oracle::verify_query(&tokens, self.operation.as_str(), query, &self.verifier)
    }

    fn check_controller(&self, tokens: &[String], query: &[u8], expected: &Result<oracle::FileUrl, oracle::Code>) {
        let access_tokens: Vec<AccessToken> = tokens.iter().map(|token| token.parse().unwrap()).collect();
        let policy = Policy::V2_ALONE.leeway(self.verifier.leeway).unwrap().max_lifetime(self.verifier.max_lifetime);
        let controller = Controller::new(&access_tokens, policy).unwrap();
        let target = [b"/files?", query].concat();
        for (method, no_token) in methods(self.operation).into_iter().zip([Header::Absent, Header::Once(b"")]) {
            let mut request = Request::new(method, &target).access_token(no_token);
            if let Some(context) = self.context() {
                request = request.context(context);
            }
            let answer = controller.check(&request, self.now());
            let answer = coded(answer).map(|allowed| match allowed {
                Allowed::Signature(grant) => granted(grant),
                other => panic!("{other:?}"),
            });
            assert_eq!(&answer, expected, "{}", query.escape_ascii());

            // The token in the header decides, but only after the syntax of the query.
            let with_token = request.access_token(Header::Once(tokens[1].as_bytes()));
            let answer = controller.check(&with_token, self.now());
            self.check_with_token(answer, query, expected);
            let with_wrong_token = request.access_token(Header::Once(&tokens[1].as_bytes()[..49]));
            let refused = if answer.is_ok() { "invalid" } else { "malformed" };
            assert_eq!(coded(controller.check(&with_wrong_token, self.now()).map(drop)), Err(refused));
        }
    }

    fn check_with_token(
        &self,
        answer: Result<Allowed<'_>, Denied>,
        query: &[u8],
        expected: &Result<oracle::FileUrl, oracle::Code>,
    ) {
        let said = oracle::Query::read(self.operation.as_str(), query);
        match (coded(answer), said) {
            (Ok(Allowed::Token(Some(grant))), Some(said)) => {
                assert_eq!(grant.path(), *said.path.unwrap_or_default());
                assert_eq!(grant.user().map(|user| user.bytes().collect()), said.user);
                let nothing_more = grant.expires().is_none()
                    && grant.directory().is_none()
                    && grant.max_bytes().is_none()
                    && grant.content_sha256().is_none();
                assert!(nothing_more, "{grant:?}");
            }
            // Here only bad escapes and duplicates are malformed; the oracle does not distinguish them from other malformed
            // queries.
            (Ok(Allowed::Token(Some(_))), None) => assert_eq!(outcome(expected), "malformed"),
            (Err("malformed"), None) => {}
            (answer, said) => panic!("{answer:?} {said:?} {}", query.escape_ascii()),
        }
    }

    fn context(&self) -> Option<Context<'_>> {
        self.verifier.context.map(|context| context.try_into().unwrap())
    }

    fn window(&self) -> Window {
        Window::new(self.verifier.leeway, self.verifier.max_lifetime).unwrap()
    }

    fn now(&self) -> UnixSeconds {
        UnixSeconds::new(self.verifier.now)
    }
}

fn methods(operation: Operation) -> [&'static [u8]; 2] {
    match operation {
        Operation::Read => [b"GET", b"HEAD"],
        Operation::Write => [b"POST", b"PUT"],
    }
}

/// Converts a v2 grant to the oracle's form.
pub(crate) fn granted(grant: Grant<'_>) -> oracle::FileUrl {
    oracle::FileUrl {
        operation: grant.operation().as_str().to_owned(),
        path: grant.path().bytes().collect(),
        directory: grant.directory().map(|text| text.bytes().collect()),
        user: grant.user().map(|text| text.bytes().collect()),
        expires: grant.expires().expect("an end").get().into(),
        max_bytes: grant.max_bytes().map(i128::from),
        content_sha256: grant.content_sha256(),
    }
}
