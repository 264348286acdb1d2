// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Math } from "@openzeppelin/contracts/utils/math/Math.sol";
import { Bounty, BountyClaim, BountyTerms, IBounties } from "../interfaces/IBounties.sol";
import { Challenge, IDisputable } from "../interfaces/IDisputable.sol";
import { Accounts, Pledge, Reasons } from "../libraries/Accounts.sol";
import { Keys } from "../libraries/Keys.sol";
import { Genesis, Wiring } from "../libraries/Wiring.sol";
import { Module } from "../Module.sol";

/// @notice See IBounties.
/// @dev A pool and bonds come in, awards, bonds and the rest go out. Always holds: awarded <= maxAwards, so the pool covers every
///      award; an undecided claim locks its agent and has its bond in its own account, less what a split gave away.
contract Bounties is IBounties, IDisputable, Module {
    uint8 internal constant PENDING = 1;
    uint8 internal constant DISPUTED = 2;
    uint8 internal constant AWARDED = 3;
    uint8 internal constant REJECTED = 4;
    uint8 internal constant RELEASED = 5;

    uint8 internal constant KIND = 8;
    uint8 internal constant NOT_WORTHLESS = 1;
    uint8 internal constant WORTHLESS = 2;
    uint8 internal constant WITHDRAWN = 2;

    uint8 internal constant BY_SPONSOR = 1;
    uint8 internal constant IN_TURN = 2;

    uint256 internal constant LEAST_BOND = 10e18;
    uint256 internal constant BOND_RATE = 2_000;
    uint256 internal constant BPS = 10_000;
    uint16 internal constant MOST_CLAIMS = 256;
    uint64 internal constant SHORTEST_CLAIM = 60;
    uint64 internal constant LONGEST_CLAIM = 90 days;
    uint64 internal constant SHORTEST_AWARD = 1 hours;
    uint64 internal constant LONGEST_AWARD = 14 days;
    uint32 internal constant SHORTEST_CHALLENGE = 600;
    uint32 internal constant LONGEST_CHALLENGE = 2 days;
    /// @dev What others have after a challenge that was taken back. It cannot be longer: whoever takes challenges back again and
    ///      again would hold the award for that much more each time.
    uint64 internal constant REOPENED = 1 hours;

    address internal immutable DISPUTES;

    uint64 internal _bountyCount;
    uint64 internal _claimCount;
    mapping(uint256 bountyId => Bounty) internal _bounties;
    mapping(uint256 claimId => BountyClaim) internal _claims;
    mapping(uint256 bountyId => mapping(uint256 position => uint256 claimId)) internal _order;
    mapping(uint256 bountyId => mapping(uint256 agentId => uint256 claimId)) internal _ofAgent;
    mapping(uint256 bountyId => mapping(address owner => uint256 claimId)) internal _ofOwner;

    constructor(Wiring memory wiring, Genesis memory) Module(wiring, "bounties") {
        DISPUTES = wiring.disputes;
    }

    /// @inheritdoc IBounties
    function openBounty(BountyTerms calldata terms) external opening returns (uint256 bountyId) {
        _requireTerms(terms);
        address sponsor = _msgSender();
        bountyId = ++_bountyCount;
        Bounty storage bounty = _bounties[bountyId];
        bounty.sponsor = sponsor;
        bounty.maxAwards = terms.maxAwards;
        bounty.claimEnd = terms.claimEnd;
        bounty.awardEnd = terms.awardEnd;
        bounty.challengeWindow = terms.challengeWindow;
        bounty.award = terms.pool / terms.maxAwards;
        bounty.criteriaHash = terms.criteriaHash;
        emit BountyOpened(
            bountyId,
            sponsor,
            terms.maxAwards,
            terms.claimEnd,
            terms.awardEnd,
            terms.challengeWindow,
            bounty.award,
            terms.criteriaHash,
            terms.uri
        );
        _move(Accounts.credit(sponsor), Accounts.bounty(bountyId), bountyId, terms.pool, Reasons.BOUNTY_POOL);
    }

    /// @inheritdoc IBounties
    function claim(uint256 bountyId, uint256 agentId, bytes32 workHash) external opening returns (uint256 claimId) {
        Bounty storage bounty = _known(bountyId);
        require(!bounty.closed, BountyIsClosed(bountyId));
        _requireBefore(bounty.claimEnd);
        address owner = REGISTRY.requireActor(agentId, _msgSender());
        require(owner != bounty.sponsor, SponsorCannotClaim(bountyId, owner));
        require(bounty.awarded < bounty.maxAwards, NoAwardLeft(bountyId));
        require(bounty.claims < MOST_CLAIMS, TooManyClaims(bountyId, MOST_CLAIMS));
        require(_ofAgent[bountyId][agentId] == 0, ClaimedAlready(bountyId, _ofAgent[bountyId][agentId]));
        require(_ofOwner[bountyId][owner] == 0, ClaimedAlready(bountyId, _ofOwner[bountyId][owner]));

        claimId = ++_claimCount;
        uint16 position = ++bounty.claims;
        _claims[claimId] = BountyClaim(uint64(bountyId), uint64(agentId), 0, position, PENDING, false, false, workHash);
        _order[bountyId][position] = claimId;
        _ofAgent[bountyId][agentId] = claimId;
        _ofOwner[bountyId][owner] = claimId;
        emit BountyClaimed(bountyId, claimId, agentId, workHash);
        REGISTRY.lock(agentId);
        _move(Accounts.stake(agentId), _pledge(claimId), claimId, claimBond(bounty.award), Reasons.CLAIM_BOND);
    }

    /// @inheritdoc IBounties
    function award(uint256 claimId) external {
        BountyClaim storage claimed = _pending(claimId);
        Bounty storage bounty = _bounties[claimed.bountyId];
        require(_msgSender() == bounty.sponsor, OnlySponsor(claimed.bountyId, _msgSender()));
        _requireBefore(bounty.awardEnd);
        _award(claimId, claimed, bounty, bounty.award, BY_SPONSOR);
    }

    /// @inheritdoc IBounties
    function payClaim(uint256 claimId) external timeout {
        BountyClaim storage claimed = _pending(claimId);
        Bounty storage bounty = _bounties[claimed.bountyId];
        _requireFrom(payableFrom(claimId));
        uint256 left = bounty.maxAwards - bounty.awarded;
        require(left != 0, NoAwardLeft(claimed.bountyId));
        (uint256 waiting, uint256 first) = _ahead(claimed.bountyId, bounty.cursor, claimed.position);
        require(waiting < left, NotItsTurn(claimId, first));
        _award(claimId, claimed, bounty, claimed.halved ? bounty.award / 2 : bounty.award, IN_TURN);
        _advance(claimed.bountyId, bounty);
    }

    /// @inheritdoc IBounties
    function releaseClaim(uint256 claimId) external {
        BountyClaim storage claimed = _pending(claimId);
        Bounty storage bounty = _bounties[claimed.bountyId];
        uint256 left = bounty.maxAwards - bounty.awarded;
        require(left == 0, AwardsLeft(claimed.bountyId, left));
        claimed.status = RELEASED;
        ++bounty.decided;
        emit BountyClaimEnded(claimed.bountyId, claimId, 2);
        _releasePledge(claimId, claimed.agentId);
    }

    /// @inheritdoc IBounties
    function closeBounty(uint256 bountyId) external timeout {
        Bounty storage bounty = _known(bountyId);
        require(!bounty.closed, BountyIsClosed(bountyId));
        uint8 cause = 2;
        if (bounty.awarded < bounty.maxAwards) {
            _requireFrom(bounty.claimEnd);
            uint256 undecided = bounty.claims - bounty.decided;
            require(undecided == 0, ClaimsUndecided(bountyId, undecided));
            cause = bounty.claims == 0 ? 1 : 3;
        }
        bounty.closed = true;
        emit BountyClosed(bountyId, cause);
        bytes32 account = Accounts.bounty(bountyId);
        _move(account, Accounts.credit(bounty.sponsor), bountyId, VAULT.balanceOf(account), Reasons.REFUND);
    }

    /// @inheritdoc IDisputable
    /// @dev Agent 0 stands for the sponsor: nobody else speaks in its name.
    function challenge(uint256 claimId, uint8 kind, uint256, uint256 challengerId, address challenger)
        external
        returns (Challenge memory)
    {
        require(msg.sender == DISPUTES, OnlyDisputes(msg.sender));
        require(kind == KIND, WrongKind(kind, KIND));
        BountyClaim storage claimed = _pending(claimId);
        address sponsor = _bounties[claimed.bountyId].sponsor;
        require(challengerId != 0 || challenger == sponsor, OnlySponsor(claimed.bountyId, challenger));
        require(!claimed.ruled, AlreadyRuled(claimId));
        _requireBefore(payableFrom(claimId));
        claimed.status = DISPUTED;
        bytes32 pledge = _pledge(claimId);
        // m = 10: B is b, one of the pledge's two halves. Once a challenge was taken back, m = 20: the next one is dearer.
        uint256 bond = VAULT.balanceOf(pledge);
        if (claimed.reviewEnd == 0) bond /= 2;
        return Challenge(claimed.agentId, sponsor, pledge, bond, false);
    }

    /// @inheritdoc IDisputable
    /// @dev A challenge that was taken back has proven nothing: another may come, for an hour at least. A worthless claim
    ///      loses what the court left of its bond, too: its price is the whole bond, as for a garbage result.
    function rule(uint256 claimId, uint8, uint256, uint8 ruling, uint8 cause, uint256) external {
        require(msg.sender == DISPUTES, OnlyDisputes(msg.sender));
        BountyClaim storage claimed = _claims[claimId];
        require(claimed.status == DISPUTED, WrongStatus(claimId, claimed.status));
        Bounty storage bounty = _bounties[claimed.bountyId];
        if (ruling == WORTHLESS) {
            claimed.status = REJECTED;
            ++bounty.decided;
            emit BountyClaimEnded(claimed.bountyId, claimId, 1);
            bytes32 pledge = _pledge(claimId);
            REGISTRY.unlock(claimed.agentId);
            _move(pledge, Accounts.BURN, claimId, VAULT.balanceOf(pledge), Reasons.PENALTY_BURN);
            return;
        }
        if (ruling == NOT_WORTHLESS && cause == WITHDRAWN) {
            claimed.reviewEnd = uint64(Math.max(payableFrom(claimId), _now() + REOPENED));
            emit BountyClaimReviewSet(claimed.bountyId, claimId, claimed.reviewEnd);
        } else {
            claimed.ruled = true;
            claimed.halved = ruling != NOT_WORTHLESS;
        }
        claimed.status = PENDING;
    }

    /// @inheritdoc IBounties
    function bountyOf(uint256 bountyId) external view returns (Bounty memory) {
        return _bounties[bountyId];
    }

    /// @inheritdoc IBounties
    function claimOf(uint256 claimId) external view returns (BountyClaim memory) {
        return _claims[claimId];
    }

    /// @inheritdoc IBounties
    function claimAt(uint256 bountyId, uint256 position) external view returns (uint256 claimId) {
        return _order[bountyId][position];
    }

    /// @inheritdoc IBounties
    function claimsBy(uint256 bountyId, uint256 agentId, address owner)
        external
        view
        returns (uint256 ofAgent, uint256 ofOwner)
    {
        return (_ofAgent[bountyId][agentId], _ofOwner[bountyId][owner]);
    }

    /// @inheritdoc IBounties
    function payableFrom(uint256 claimId) public view returns (uint64) {
        BountyClaim storage claimed = _claims[claimId];
        if (claimed.reviewEnd != 0) return claimed.reviewEnd;
        Bounty storage bounty = _bounties[claimed.bountyId];
        return bounty.awardEnd + bounty.challengeWindow;
    }

    /// @inheritdoc IBounties
    function claimBond(uint256 awardAmount) public pure returns (uint256) {
        return Math.max(LEAST_BOND, awardAmount * BOND_RATE / BPS);
    }

    /// @inheritdoc IBounties
    function bountyCount() external view returns (uint256) {
        return _bountyCount;
    }

    /// @inheritdoc IBounties
    function claimCount() external view returns (uint256) {
        return _claimCount;
    }

    function _award(uint256 claimId, BountyClaim storage claimed, Bounty storage bounty, uint256 amount, uint8 cause)
        internal
    {
        uint256 bountyId = claimed.bountyId;
        require(bounty.awarded < bounty.maxAwards, NoAwardLeft(bountyId));
        claimed.status = AWARDED;
        ++bounty.awarded;
        ++bounty.decided;
        emit BountyAwarded(bountyId, claimId, cause);
        bytes32 home = Accounts.credit(REGISTRY.ownerOf(claimed.agentId));
        _move(Accounts.bounty(bountyId), home, claimId, amount, Reasons.BOUNTY_AWARD);
        _releasePledge(claimId, claimed.agentId);
    }

    /// @return waiting How many undecided claims stand before a position; after the cursor there are at most MOST_CLAIMS.
    /// @return first The first of them.
    function _ahead(uint256 bountyId, uint16 cursor, uint16 position)
        private
        view
        returns (uint256 waiting, uint256 first)
    {
        for (uint16 i = cursor + 1; i < position; ++i) {
            uint256 claimId = _order[bountyId][i];
            if (_claims[claimId].status > DISPUTED) continue;
            if (waiting++ == 0) first = claimId;
        }
    }

    /// @dev Whatever is decided stays so.
    function _advance(uint256 bountyId, Bounty storage bounty) internal {
        uint16 position = bounty.cursor;
        while (position < bounty.claims && _claims[_order[bountyId][position + 1]].status > DISPUTED) ++position;
        bounty.cursor = position;
    }

    function _releasePledge(uint256 claimId, uint256 agentId) internal {
        bytes32 pledge = _pledge(claimId);
        _move(pledge, Accounts.stake(agentId), claimId, VAULT.balanceOf(pledge), Reasons.BOND_RELEASE);
        REGISTRY.unlock(agentId);
    }

    function _requireTerms(BountyTerms calldata terms) internal view {
        uint256 most = PARAMETERS.get(Keys.MAX_AWARDS);
        require(terms.maxAwards != 0 && terms.maxAwards <= most, AwardsOutOfBounds(terms.maxAwards, most));
        uint256 cap = PARAMETERS.get(Keys.BOUNTY_CAP);
        // At least two base units an award, so that half of one is something.
        uint256 least = uint256(terms.maxAwards) * 2;
        require(terms.pool >= least && terms.pool <= cap, PoolOutOfBounds(terms.pool, least, cap));
        uint64 earliest = _now() + SHORTEST_CLAIM;
        uint64 latest = _now() + LONGEST_CLAIM;
        require(
            terms.claimEnd >= earliest && terms.claimEnd <= latest,
            ClaimEndOutOfBounds(terms.claimEnd, earliest, latest)
        );
        earliest = terms.claimEnd + SHORTEST_AWARD;
        latest = terms.claimEnd + LONGEST_AWARD;
        require(
            terms.awardEnd >= earliest && terms.awardEnd <= latest,
            AwardEndOutOfBounds(terms.awardEnd, earliest, latest)
        );
        require(
            terms.challengeWindow >= SHORTEST_CHALLENGE && terms.challengeWindow <= LONGEST_CHALLENGE,
            WindowOutOfBounds(terms.challengeWindow, SHORTEST_CHALLENGE, LONGEST_CHALLENGE)
        );
    }

    function _known(uint256 bountyId) internal view returns (Bounty storage bounty) {
        bounty = _bounties[bountyId];
        require(bounty.sponsor != address(0), UnknownBounty(bountyId));
    }

    function _pending(uint256 claimId) internal view returns (BountyClaim storage claimed) {
        claimed = _claims[claimId];
        require(claimed.status == PENDING, WrongStatus(claimId, claimed.status));
    }

    function _pledge(uint256 claimId) internal pure returns (bytes32) {
        return Accounts.atRisk(Pledge.BOUNTY_CLAIM, claimId);
    }
}
