// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { ERC2771Context } from "@openzeppelin/contracts/metatx/ERC2771Context.sol";
import { Governor } from "@openzeppelin/contracts/governance/Governor.sol";
import { GovernorCountingSimple } from "@openzeppelin/contracts/governance/extensions/GovernorCountingSimple.sol";
import { GovernorTimelockControl } from "@openzeppelin/contracts/governance/extensions/GovernorTimelockControl.sol";
import { IVotes } from "@openzeppelin/contracts/governance/utils/IVotes.sol";
import { TimelockController } from "@openzeppelin/contracts/governance/TimelockController.sol";
import { Context } from "@openzeppelin/contracts/utils/Context.sol";
import { IAgentGovernor } from "../interfaces/IAgentGovernor.sol";
import { INonces } from "../interfaces/INonces.sol";
import { IParameters } from "../interfaces/IParameters.sol";
import { ITreasury } from "../interfaces/ITreasury.sol";
import { IVault } from "../interfaces/IVault.sol";
import { Accounts, Reasons } from "../libraries/Accounts.sol";
import { Keys } from "../libraries/Keys.sol";
import { Genesis, Wiring } from "../libraries/Wiring.sol";

/// @notice See IAgentGovernor.
/// @dev Proposals and votes come in, scheduled calls go out to the timelock. Votes are what an owner's agents have bonded at
///      the snapshot. Always holds: what a proposal needs (delay, period, quorum, bond) is fixed when it is made. It never
///      asks the breaker: who guards the economy must not be able to stop a vote about the guardians.
contract AgentGovernor is IAgentGovernor, INonces, GovernorCountingSimple, GovernorTimelockControl, ERC2771Context {
    uint256 internal constant MOST_ACTIONS = 10;
    uint256 internal constant BOND_DIVISOR = 20;
    uint256 internal constant BPS = 10_000;
    uint256 internal constant ENDING_WINDOW = 30 days;
    /// @dev Selector and three words.
    uint256 internal constant SPEND_LENGTH = 100;

    IVotes internal immutable STAKE;
    IVault internal immutable VAULT;
    IParameters internal immutable PARAMETERS;
    address internal immutable TREASURY;
    address internal immutable COUNCIL;

    mapping(uint256 proposalId => uint256 bps) internal _quorums;

    constructor(Wiring memory wiring, Genesis memory)
        Governor("EventSourced Governor")
        GovernorTimelockControl(TimelockController(payable(wiring.timelock)))
        ERC2771Context(wiring.forwarder)
    {
        STAKE = IVotes(wiring.stake);
        VAULT = IVault(wiring.vault);
        PARAMETERS = IParameters(wiring.parameters);
        TREASURY = wiring.treasury;
        COUNCIL = wiring.council;
    }

    /// @inheritdoc IAgentGovernor
    function releaseBond(uint256 proposalId) external {
        ProposalState ended = state(proposalId);
        bytes32 account = Accounts.proposal(proposalId);
        uint256 bond = VAULT.balanceOf(account);
        require(bond != 0, NoBond(proposalId));
        bool lost = ended == ProposalState.Canceled || (ended == ProposalState.Defeated && isRejected(proposalId));
        require(
            lost || ended == ProposalState.Executed || ended == ProposalState.Expired
                || ended == ProposalState.Defeated,
            NotEnded(proposalId, uint8(ended))
        );
        if (lost) VAULT.move(account, Accounts.TREASURY, bytes32(proposalId), bond, Reasons.SPEND_BOND);
        else _returnBond(proposalId, bond);
    }

    /// @inheritdoc Governor
    /// @dev The council cancels in any state before the end, and the bond is lost; the proposer only before the vote has
    ///      begun, and takes the bond back: nobody had to vote.
    function cancel(
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) public override returns (uint256 proposalId) {
        proposalId = super.cancel(targets, values, calldatas, descriptionHash);
        uint256 bond = bondOf(proposalId);
        if (_msgSender() != COUNCIL && bond != 0) _returnBond(proposalId, bond);
    }

    /// @inheritdoc Governor
    function state(uint256 proposalId)
        public
        view
        override(Governor, GovernorTimelockControl)
        returns (ProposalState found)
    {
        found = super.state(proposalId);
        if (found != ProposalState.Succeeded && found != ProposalState.Queued) return found;
        if (block.timestamp >= expiryOf(proposalId)) return ProposalState.Expired;
    }

    /// @inheritdoc IAgentGovernor
    function bondFor(address[] memory targets, bytes[] memory calldatas) public view returns (uint256) {
        uint256 value;
        for (uint256 i; i < targets.length; ++i) {
            if (targets[i] != TREASURY || bytes4(calldatas[i]) != ITreasury.spend.selector) continue;
            require(calldatas[i].length == SPEND_LENGTH, MalformedSpend(i, calldatas[i].length));
            value += _amountOf(calldatas[i]);
        }
        return value / BOND_DIVISOR + (value % BOND_DIVISOR == 0 ? 0 : 1);
    }

    /// @inheritdoc IAgentGovernor
    function bondOf(uint256 proposalId) public view returns (uint256) {
        return VAULT.balanceOf(Accounts.proposal(proposalId));
    }

    /// @inheritdoc IAgentGovernor
    /// @dev Whoever voted counts for this quorum, those against too: else a unanimous no could never have one.
    function isRejected(uint256 proposalId) public view returns (bool) {
        (uint256 against, uint256 inFavour, uint256 abstaining) = proposalVotes(proposalId);
        uint256 votes = against + inFavour + abstaining;
        return votes != 0 && votes >= quorumOf(proposalId) && against * 3 >= votes * 2;
    }

    /// @inheritdoc IAgentGovernor
    function quorumOf(uint256 proposalId) public view returns (uint256) {
        return STAKE.getPastTotalSupply(proposalSnapshot(proposalId)) * _quorums[proposalId] / BPS;
    }

    /// @inheritdoc IAgentGovernor
    function expiryOf(uint256 proposalId) public view returns (uint256) {
        uint256 eta = proposalEta(proposalId);
        if (eta != 0) return eta + ENDING_WINDOW;
        uint256 deadline = proposalDeadline(proposalId);
        return deadline == 0 ? 0 : deadline + ENDING_WINDOW;
    }

    /// @inheritdoc Governor
    function clock() public view override returns (uint48) {
        return uint48(block.timestamp);
    }

    /// @inheritdoc Governor
    // solhint-disable-next-line func-name-mixedcase
    function CLOCK_MODE() public pure override returns (string memory) {
        return "mode=timestamp";
    }

    /// @inheritdoc Governor
    function votingDelay() public view override returns (uint256) {
        return PARAMETERS.get(Keys.VOTING_DELAY);
    }

    /// @inheritdoc Governor
    function votingPeriod() public view override returns (uint256) {
        return PARAMETERS.get(Keys.VOTING_PERIOD);
    }

    /// @inheritdoc Governor
    /// @dev What a proposal made now would need of the stake at a past moment; see `quorumOf` for a given proposal.
    function quorum(uint256 timepoint) public view override returns (uint256) {
        return STAKE.getPastTotalSupply(timepoint) * PARAMETERS.get(Keys.QUORUM_VOTES) / BPS;
    }

    /// @inheritdoc Governor
    /// @dev Who proposes has as much at stake as a verifier: proposals cost every voter's attention.
    function proposalThreshold() public view override returns (uint256) {
        return PARAMETERS.get(Keys.MIN_STAKE_VERIFIER);
    }

    /// @inheritdoc Governor
    function proposalNeedsQueuing(uint256 proposalId)
        public
        view
        override(Governor, GovernorTimelockControl)
        returns (bool)
    {
        return super.proposalNeedsQueuing(proposalId);
    }

    function _propose(
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        string memory description,
        address proposer
    ) internal override returns (uint256 proposalId) {
        require(targets.length <= MOST_ACTIONS, TooManyActions(targets.length, MOST_ACTIONS));
        proposalId = super._propose(targets, values, calldatas, description, proposer);
        for (uint256 i; i < targets.length; ++i) {
            require(targets[i] != address(this), CannotCallItself());
        }
        uint256 quorumBps = PARAMETERS.get(Keys.QUORUM_VOTES);
        _quorums[proposalId] = quorumBps;
        emit QuorumFixed(proposalId, uint16(quorumBps));
        uint256 bond = bondFor(targets, calldatas);
        if (bond != 0) {
            bytes32 account = Accounts.proposal(proposalId);
            VAULT.move(Accounts.credit(proposer), account, bytes32(proposalId), bond, Reasons.SPEND_BOND);
        }
    }

    function _returnBond(uint256 proposalId, uint256 bond) internal {
        bytes32 home = Accounts.credit(proposalProposer(proposalId));
        VAULT.move(Accounts.proposal(proposalId), home, bytes32(proposalId), bond, Reasons.BOND_RETURN);
    }

    function _validateCancel(uint256 proposalId, address caller) internal view override returns (bool) {
        return caller == COUNCIL || super._validateCancel(proposalId, caller);
    }

    function _getVotes(address account, uint256 timepoint, bytes memory) internal view override returns (uint256) {
        return STAKE.getPastVotes(account, timepoint);
    }

    function _quorumReached(uint256 proposalId)
        internal
        view
        override(Governor, GovernorCountingSimple)
        returns (bool)
    {
        (, uint256 inFavour, uint256 abstaining) = proposalVotes(proposalId);
        return inFavour + abstaining >= quorumOf(proposalId);
    }

    /// @dev The second argument of Treasury.spend.
    function _amountOf(bytes memory spendCall) internal pure returns (uint256 amount) {
        assembly ("memory-safe") {
            amount := mload(add(spendCall, 68))
        }
    }

    function _useNonce(address owner) internal override returns (uint256 nonce) {
        nonce = super._useNonce(owner);
        emit NonceUsed(owner, nonce);
    }

    // What follows says which of two inherited functions holds.

    function _queueOperations(
        uint256 proposalId,
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(Governor, GovernorTimelockControl) returns (uint48) {
        return super._queueOperations(proposalId, targets, values, calldatas, descriptionHash);
    }

    function _executeOperations(
        uint256 proposalId,
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(Governor, GovernorTimelockControl) {
        super._executeOperations(proposalId, targets, values, calldatas, descriptionHash);
    }

    function _cancel(
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(Governor, GovernorTimelockControl) returns (uint256) {
        return super._cancel(targets, values, calldatas, descriptionHash);
    }

    function _executor() internal view override(Governor, GovernorTimelockControl) returns (address) {
        return super._executor();
    }

    function _msgSender() internal view override(Context, ERC2771Context) returns (address) {
        return super._msgSender();
    }

    function _msgData() internal view override(Context, ERC2771Context) returns (bytes calldata) {
        return super._msgData();
    }

    function _contextSuffixLength() internal view override(Context, ERC2771Context) returns (uint256) {
        return super._contextSuffixLength();
    }
}
